"""Networks as PyTorch exports them, each with inputs and what PyTorch itself makes of them.

Made with Python 3.11.7, torch 2.15.0, onnxscript 0.7.2, onnx 1.23.0, numpy 2.4.6:
    python tests/onnx/make/pytorch.py tests/onnx/files
"""

import json
import sys
from pathlib import Path

import onnx
import torch
from torch import nn

folder = Path(sys.argv[1])
samples = 9


def without_traces(path):
    """The exporter notes the places of the sources on the machine that it ran on, which are nobody's business."""
    model = onnx.load(path)
    for part in [*model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer]:
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, path)


class Image(nn.Module):
    """Shapes that follow from the number of samples at hand."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(16)
        self.drop = nn.Dropout(0.5)
        self.fc1 = nn.Linear(16, 8)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        x = self.drop(torch.tanh(self.fc1(self.norm(x))))
        return torch.log_softmax(self.fc2(x), dim=1)


class Arithmetic(nn.Module):
    """Reductions, comparisons and everyday functions, side by side."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.rand(6) + 0.5)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        centred = x - x.mean(dim=1, keepdim=True)
        size = torch.sqrt((centred**2).sum(dim=1, keepdim=True) + 1e-5)
        y = torch.clamp(centred / size * self.scale, -0.75, 0.75)
        y = torch.where(y > 0.1, torch.exp(-y), torch.abs(y) + 0.25)
        y = y + torch.max(x, torch.zeros_like(x)) - x.max(dim=1, keepdim=True).values
        return self.head(torch.nn.functional.hardtanh(y) + torch.erf(x) * torch.sin(x))


def activations():
    parts = [nn.ELU(0.7), nn.SELU(), nn.GELU(), nn.GELU(approximate="tanh"), nn.Softplus(), nn.SiLU(), nn.Mish()]
    parts += [nn.LeakyReLU(0.2), nn.Hardswish(), nn.Hardsigmoid(), nn.Softsign(), nn.PReLU(8), nn.ReLU6(), nn.CELU(0.8)]
    layers = [nn.Linear(5, 8)]
    for part in parts:
        layers += [part, nn.Linear(8, 8)]
    return nn.Sequential(*layers)


def normalized():
    network = nn.Sequential(
        nn.Linear(6, 10), nn.BatchNorm1d(10), nn.LeakyReLU(0.1), nn.Linear(10, 1), nn.Sigmoid()
    )
    # Running statistics that are not 0 and 1.
    network.train()
    for _ in range(5):
        network(torch.randn(32, 6) * 2 + 1)
    return network


networks = {
    "classifier": (nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(dim=1)), (4,)),
    "normalized": (normalized, (6,)),
    "activations": (activations, (5,)),
    "image": (Image, (1, 4, 4)),
    "arithmetic": (Arithmetic, (6,)),
}

for name, (make, shape) in networks.items():
    torch.manual_seed(7)
    network = make if isinstance(make, nn.Module) else make()
    network.eval()
    x = torch.randn(samples, *shape)
    with torch.no_grad():
        expected = network(x)
    for exporter in ("dynamo", "script"):
        path = folder / f"torch-{name}-{exporter}.onnx"
        common = {"input_names": ["x"], "output_names": ["out"]}
        if exporter == "dynamo":
            batch = torch.export.Dim("batch")
            torch.onnx.export(network, (x,), path, dynamo=True, external_data=False, dynamic_shapes=({0: batch},), **common)
            without_traces(path)
        else:
            torch.onnx.export(network, (x,), path, dynamo=False, opset_version=17, dynamic_axes={"x": {0: "batch"}, "out": {0: "batch"}}, **common)
        case = {"inputs": {"x": {"shape": list(x.shape), "data": x.flatten().tolist()}}, "output": expected.flatten().tolist()}
        path.with_suffix(".json").write_text(json.dumps(case) + "\n")
