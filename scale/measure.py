"""
Prints the table of docs/scaling.md, measured on this machine: what a step takes here and there, and how far losses are apart.

    scale/.venv/bin/python scale/measure.py
"""

import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import jax

ROOT = Path(__file__).resolve().parents[1]
CHAINRULE = ["node", str(ROOT / "src/cli/bin.mjs")]
RUN = [sys.executable, str(ROOT / "scale/run.py")]
MODELS = (
    ("half moons, 82 parameters", "examples/page/model.ts", "moons", 32, 1000),
    ("batch normalization and dropout, 218 parameters", "tests/scale/models/batch-norm-dropout.ts", "moons?count=600", 64, 500),
    ("digits, 101,770 parameters", "examples/digits/model.ts", "digits?count=4096", 64, 300),
    ("wide, 1,863,690 parameters", "tests/scale/models/wide.ts", "digits?count=2048", 256, 60),
)


def main():
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, JAX {jax.__version__}; "
          f"milliseconds per step\n")
    names = ("chainrule, 1 thread", "XLA, 1 device", "XLA, 8 devices", "XLA, 2 processes")
    print(f"| model | batch | steps | {' | '.join(names)} | losses differ by, first 10 steps | all steps |")
    print(f"|---|{'---:|' * (len(names) + 4)}")
    for name, model, data, batch, steps in MODELS:
        with tempfile.TemporaryDirectory() as folder:
            row, worst = measured(Path(folder), str(ROOT / model), data, batch, steps)
        cells = [name, str(batch), str(steps), *(f"{ms:.2f}" for ms in row), *(f"{part:.0e}" for part in worst)]
        print(f"| {' | '.join(cells)} |", flush=True)


def measured(folder, model, data, batch, steps):
    words = ["--data", data, "--batch", str(batch)]
    step = folder / "step.mlir"
    call([*CHAINRULE, "export", model, "--to", "stablehlo", "-o", str(step), *words])
    train = [*CHAINRULE, "train", model, *words, "--target", "wasm", "--json", "--steps"]
    ours = call([*train, str(steps)])
    # A mean, in which the engine's warming up is one part of a hundred.
    done = call([*train, str(steps * (10 if steps > 100 else 1))])[-1]
    run = [*RUN, str(step), "--data", str(folder / "step.data.safetensors"), "--steps", str(steps)]
    others = [call(run, 1), call(run, 8), together(run)]
    differences = [
        [abs(a - b) / abs(a) for a, b in zip(losses(ours), losses(events), strict=True)] for events in others
    ]
    worst = [max(max(row[:count]) for row in differences) for count in (10, steps)]
    return [done["seconds"] / done["steps"] * 1000, *(events[-1]["msPerStep"] for events in others)], worst


def losses(events):
    return [event["loss"] for event in events if event["event"] == "step"]


def call(words, devices=1):
    return events_of(started(words, devices))


def started(words, devices=1):
    environment = os.environ | {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def events_of(process):
    output, errors = process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(process.args)}\n{errors}")
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def together(words):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        coordinator = f"127.0.0.1:{probe.getsockname()[1]}"
    more = ["--processes", "2", "--coordinator", coordinator, "--process-id"]
    first, second = (started([*words, *more, str(number)]) for number in range(2))
    events = events_of(first)
    events_of(second)
    return events


if __name__ == "__main__":
    main()
