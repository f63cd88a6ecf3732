"""The seed's network (784-32-10, ReLU, softmax) trained by PyTorch, and weights of ours as PyTorch predicts with them.

    python tests/torch/make.py OURS.safetensors

writes beside this file: `torch.safetensors`, the weights that PyTorch has trained, with the names and shapes of
examples/03-neural-network; and `cases.safetensors`, inputs with what PyTorch makes of them, by its own weights and by ours.
OURS is what `chainrule train examples/03-neural-network/model.ts --data digits?count=2000 --batch 500 --steps 60 --out DIR` leaves.
Made with Python 3.11.7, torch 2.15.0, numpy 2.4.6, safetensors: see requirements.txt of bench/rivals.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

folder = Path(__file__).parent
torch.manual_seed(0)
samples = 12

# Strokes of a kind, which a network can tell apart: the class is a block of columns that is brighter.
labels = torch.randint(0, 10, (600,))
images = torch.rand(600, 784) * 0.3
for row, label in enumerate(labels):
    images[row, 78 * int(label) : 78 * int(label) + 78] += 0.6

network = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
for _ in range(200):
    optimizer.zero_grad()
    nn.functional.cross_entropy(network(images), labels).backward()
    optimizer.step()
accuracy = (network(images).argmax(1) == labels).float().mean().item()
print(f"PyTorch {torch.__version__}: {100 * accuracy:.1f} % of the samples")

# A layer of PyTorch keeps its matrix as [out, in]; a model of the seed multiplies rows from the left.
first, _, second = network
weights = {
    "w1": first.weight.detach().T.contiguous(),
    "b1": first.bias.detach(),
    "w2": second.weight.detach().T.contiguous(),
    "b2": second.bias.detach(),
}
save_file(weights, folder / "torch.safetensors")


def predictions(state):
    hidden = torch.relu(images[:samples] @ state["w1"] + state["b1"])
    return torch.softmax(hidden @ state["w2"] + state["b2"], dim=1)


ours = load_file(sys.argv[1])
with torch.no_grad():
    save_file(
        {
            "x": images[:samples],
            "by_torch": torch.softmax(network(images[:samples]), dim=1),
            "by_ours": predictions(ours),
            **{f"ours.{name}": ours[name] for name in ("w1", "b1", "w2", "b2")},
        },
        folder / "cases.safetensors",
    )
