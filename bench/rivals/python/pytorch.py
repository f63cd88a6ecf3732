"""PyTorch with its own modules, loss and fused optimizers: eager, and with the network and its loss compiled."""

import torch
from torch import nn


def network_of(case):
    layers = case["layers"]
    parts = []
    for i, (rows, columns) in enumerate(zip(layers, layers[1:])):
        normalized = case["batchNorm"] and i == 0
        parts.append(nn.Linear(rows, columns, bias=not normalized))
        if normalized:
            parts.append(nn.BatchNorm1d(columns, eps=1e-5, momentum=0.1))
        if i < len(layers) - 2:
            parts.append(nn.Tanh() if case["activation"] == "tanh" else nn.ReLU())
    return nn.Sequential(*parts)


class Training:
    version = torch.__version__

    def __init__(self, case, compiled, x, y, weights):
        self.case = case
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y).long()
        # Linear keeps [out, in]; the order of its parameters is that of parametersOf.
        tensors = [torch.from_numpy(value.T.copy() if value.ndim == 2 else value) for value in weights.values()]
        self.network = network_of(case)
        self.initial = list(zip(self.network.parameters(), tensors))
        cross_entropy = nn.functional.cross_entropy
        loss_of = lambda x, y: cross_entropy(self.network(x), y)
        self.loss_of = torch.compile(loss_of) if compiled else loss_of

    def reset(self):
        with torch.no_grad():
            for parameter, value in self.initial:
                parameter.copy_(value)
        parameters = self.network.parameters()
        if self.case["optimizer"] == "sgd":
            self.optimizer = torch.optim.SGD(parameters, lr=self.case["learningRate"], fused=True)
        else:
            self.optimizer = torch.optim.Adam(parameters, lr=self.case["learningRate"], fused=True)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.last = self.loss_of(self.x, self.y)
        self.last.backward()
        self.optimizer.step()

    def loss(self):
        return self.last.item()


def setup(spec, data):
    torch.set_num_threads(spec["threads"])
    torch.set_num_interop_threads(1)
    return Training(spec["case"], spec["adapter"] == "PyTorch compiled", *data())
