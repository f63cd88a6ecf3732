"""JAX: the whole training step is one jitted function whose state is donated."""

from functools import partial

import jax
import jax.numpy as jnp


def normalized(z, g, b):
    centred = z - z.mean(axis=0)
    return centred / jnp.sqrt((centred * centred).mean(axis=0) + 1e-5) * g + b


def loss_of(case, w, x, y):
    value, count = x, len(case["layers"]) - 1
    for layer in range(1, count + 1):
        z = value @ w[f"w{layer}"]
        if case["batchNorm"] and layer == 1:
            z = normalized(z, w["g1"], w["b1"])
        else:
            z = z + w[f"b{layer}"]
        if layer < count:
            z = jnp.tanh(z) if case["activation"] == "tanh" else jax.nn.relu(z)
        value = z
    logs = jax.nn.log_softmax(value)
    return -jnp.take_along_axis(logs, y[:, None], axis=1).mean()


def step_of(case, state, x, y):
    w, m, v, t = state
    loss, g = jax.value_and_grad(partial(loss_of, case))(w, x, y)
    rate = case["learningRate"]
    if case["optimizer"] == "sgd":
        return (jax.tree.map(lambda w, g: w - rate * g, w, g), m, v, t), loss
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    moved = lambda w, m, v: w - rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return (jax.tree.map(moved, w, m, v), m, v, t), loss


class Training:
    version = jax.__version__

    def __init__(self, case, x, y, weights):
        self.case, self.weights = case, weights
        self.x, self.y = jnp.asarray(x), jnp.asarray(y)
        self.update = jax.jit(partial(step_of, case), donate_argnums=0)

    def reset(self):
        # Copies: a donated array is gone after the step.
        w = {name: jnp.array(value, copy=True) for name, value in self.weights.items()}
        zeros = lambda: {} if self.case["optimizer"] == "sgd" else jax.tree.map(jnp.zeros_like, w)
        self.state = jax.block_until_ready((w, zeros(), zeros(), jnp.float32(0)))

    def step(self):
        self.state, self.last = self.update(self.state, self.x, self.y)

    def loss(self):
        jax.block_until_ready(self.state)
        return float(self.last)


def setup(spec, data):
    return Training(spec["case"], *data())
