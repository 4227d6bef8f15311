"""What the Python peers of the benchmark share: one thread, the data, and the protocol.

One JSON object a line, request on stdin, answer on stdout:

    (start)                                          {"ready": true, "name": "PyTorch ...", "threads": 1}
    {"cmd": "epoch", "units": [128, 64, 32], "activation": "relu", "batch": 32, "inputs": "bytes", "images": 60000}
                                                     {"seconds": s, "accuracy": of the epoch's training batches or null}
      and, of networks of images, "convolutions": [{"filters": 6, "size": 5, "padding": "same", "pooling": "max"}], "dropout": 0.5
    {"cmd": "evaluate"}                              {"accuracy": on the 10,000 test images}
    {"cmd": "reset"}                                 {"reset": true}; the next epoch starts from new weights
    anything that cannot be done                     {"error": "..."}

A model is kept while the configuration of the requests stays the same. The recipe is Keras': Glorot-uniform kernels, zero biases,
Adam(0.001, epsilon 1e-7), cross-entropy, shuffled each epoch, last short batch kept where the library can. Images are divided by 255
and stored as float32 before the clock starts ("bytes" and "float" are therefore the same here; "dense" ones have no zeros, see `given`), and
compiling is not counted: the first epoch of a configuration is the caller's to leave out.

Import this module before the library: it sets how many threads the library starts.
"""
import os
import sys

for name in (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "NPROC",
):
    os.environ[name] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import json

import numpy as np

FOLDER = sys.argv[1]


def read(name, offset):
    with open(os.path.join(FOLDER, name), "rb") as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=offset)


def images(name):
    return read(name, 16).reshape(-1, 784).astype(np.float32) / np.float32(255)


def labels(name):
    return read(name, 8).astype(np.int64)


x, y = images("train-images-idx3-ubyte"), labels("train-labels-idx1-ubyte")
x_test, y_test = images("t10k-images-idx3-ubyte"), labels("t10k-labels-idx1-ubyte")


def given(request, x):
    """The training images of a request: pixels of 0 to 1, or of 0.1 to 1 where they are to have no zeros."""
    return x * 0.9 + 0.1 if request["inputs"] == "dense" else x


def serve(name, activations, run, convolutions=False):
    """Answers requests until stdin ends. `run(request)` has epoch(images) -> (seconds, accuracy or None) and evaluate() -> accuracy."""
    current, configuration = None, None

    def answer(request):
        nonlocal current, configuration
        if request["cmd"] == "reset":
            current = configuration = None
            return {"reset": True}
        if request["cmd"] == "evaluate":
            return {"accuracy": current.evaluate()} if current else {"error": "evaluate: expected an epoch before it"}
        if request["cmd"] == "epoch":
            if request["activation"] not in activations:
                return {"error": f"epoch: no activation {request['activation']} in this peer"}
            if request.get("convolutions") and not convolutions:
                return {"error": "epoch: no convolutions in this peer"}
            if request != configuration:
                current, configuration = run(request), request
            seconds, accuracy = current.epoch(request.get("images", len(x)))
            return {"seconds": seconds, "accuracy": accuracy}
        return {"error": f"expected cmd epoch, evaluate or reset, received {request['cmd']}"}

    print(json.dumps({"ready": True, "name": name, "threads": 1}), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
