"""NumPy with the formulas written out by hand, in float32: what a careful reader of a textbook writes."""

import numpy as np


class Network:
    version = np.__version__

    def __init__(self, case, x, y, weights):
        self.case, self.x, self.initial = case, x, weights
        self.layers = len(case["layers"]) - 1
        self.rows = np.arange(len(y))
        self.y = y

    def reset(self):
        self.w = {name: value.copy() for name, value in self.initial.items()}
        if self.case["optimizer"] == "adam":
            self.m = {name: np.zeros_like(value) for name, value in self.w.items()}
            self.v = {name: np.zeros_like(value) for name, value in self.w.items()}
        self.t = 0

    def normalized(self, z):
        """Batch normalization, with what its gradient needs."""
        centred = z - z.mean(axis=0)
        self.deviation = np.sqrt((centred * centred).mean(axis=0) + np.float32(1e-5))
        self.unit = centred / self.deviation
        return self.unit * self.w["g1"] + self.w["b1"]

    def forward(self):
        """The inputs of all layers; the last of them are the logits."""
        values = [self.x]
        for layer in range(1, self.layers + 1):
            z = values[-1] @ self.w[f"w{layer}"]
            z = self.normalized(z) if self.has_norm(layer) else z + self.w[f"b{layer}"]
            if layer < self.layers:
                z = np.tanh(z) if self.case["activation"] == "tanh" else np.maximum(z, 0)
            values.append(z)
        return values

    def has_norm(self, layer):
        return self.case["batchNorm"] and layer == 1

    def backward(self, values, dz):
        gradients = {}
        for layer in range(self.layers, 0, -1):
            below = values[layer - 1]
            gradients[f"b{layer}"] = dz.sum(axis=0)
            if self.has_norm(layer):
                gradients["g1"] = (dz * self.unit).sum(axis=0)
                unit = dz * self.w["g1"]
                dz = (unit - unit.mean(axis=0) - self.unit * (unit * self.unit).mean(axis=0)) / self.deviation
            gradients[f"w{layer}"] = below.T @ dz
            if layer == 1:
                return gradients
            da = dz @ self.w[f"w{layer}"].T
            dz = da * (1 - below * below) if self.case["activation"] == "tanh" else da * (below > 0)

    def step(self):
        values = self.forward()
        shifted = values[-1] - values[-1].max(axis=1, keepdims=True)
        e = np.exp(shifted)
        total = e.sum(axis=1, keepdims=True)
        self.last = (np.log(total[:, 0]) - shifted[self.rows, self.y]).mean()
        dz = e / total
        dz[self.rows, self.y] -= 1
        dz /= np.float32(len(self.y))
        self.update(self.backward(values, dz))

    def update(self, gradients):
        rate = np.float32(self.case["learningRate"])
        if self.case["optimizer"] == "sgd":
            for name, g in gradients.items():
                self.w[name] -= rate * g
            return
        self.t += 1
        correction1, correction2 = np.float32(1 - 0.9**self.t), np.float32(1 - 0.999**self.t)
        for name, g in gradients.items():
            m, v = self.m[name], self.v[name]
            m *= np.float32(0.9)
            m += np.float32(0.1) * g
            v *= np.float32(0.999)
            v += np.float32(0.001) * (g * g)
            self.w[name] -= rate * (m / correction1) / (np.sqrt(v / correction2) + np.float32(1e-8))

    def loss(self):
        return self.last


def setup(spec, data):
    return Network(spec["case"], *data())
