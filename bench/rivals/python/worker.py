"""One contender in a process of its own: the Python side of protocol.ts. Started as `python worker.py SPEC`."""

import importlib
import json
import sys
import time

import numpy as np

MODULES = {
    "NumPy float32": "numpy_f32",
    "NumPy as written": "numpy_seed",
    "PyTorch eager": "pytorch",
    "PyTorch compiled": "pytorch",
    "JAX": "jax_jit",
    "sgemm peak": "sgemm_peak",
}


def tell(**message):
    print("@" + json.dumps(message), flush=True)


def read_data(folder, case):
    """x, y and the weights by name, as data.ts wrote them."""
    layers = case["layers"]
    floats = lambda name: np.fromfile(f"{folder}/{name}.bin", dtype=np.float32)
    weights = {}
    for layer, (rows, columns) in enumerate(zip(layers, layers[1:]), start=1):
        weights[f"w{layer}"] = floats(f"w{layer}").reshape(rows, columns)
        if case["batchNorm"] and layer == 1:
            weights["g1"] = floats("g1")
        weights[f"b{layer}"] = floats(f"b{layer}")
    x = floats("x").reshape(case["batch"], layers[0])
    y = np.fromfile(f"{folder}/y.bin", dtype=np.int32)
    return x, y, weights


def run(contender, mode, count):
    for i in range(count):
        contender.step()
        if mode == "each" or i == count - 1:
            contender.loss()


def timed(contender, restart, mode, seconds):
    """As `timed` in worker.ts."""
    steps, spent, chunk = 0, 0.0, 1
    while spent < seconds:
        contender.reset()
        begin = time.perf_counter()
        done, passed = 0, 0.0
        while done < restart and spent + passed < seconds:
            count = min(chunk, restart - done)
            run(contender, mode, count)
            done += count
            passed = time.perf_counter() - begin
            chunk = max(1, round(0.01 * done / passed))
        steps += done
        spent += passed
    return steps, spent


def prove(contender, count):
    contender.reset()
    losses = []
    for _ in range(count):
        contender.step()
        losses.append(float(contender.loss()))
    return [losses[0], losses[-1]]


def main():
    spec = json.loads(sys.argv[1])
    case = spec["case"]
    module = importlib.import_module(MODULES[spec["adapter"]])
    contender = module.setup(spec, lambda: read_data(spec["folder"], case))
    flops = getattr(contender, "flops", None)
    losses = prove(contender, case["checkSteps"]) if flops is None else []
    rates = {}
    for mode in ("each", "end"):
        steps, seconds = timed(contender, case["restart"], mode, spec["warmUp"])
        rates[mode] = steps / seconds
    mode = max(rates, key=rates.get)
    tell(kind="ready", losses=losses, mode=mode, version=contender.version)
    for line in sys.stdin:
        begin, cpu = time.perf_counter(), time.process_time()
        steps, seconds = timed(contender, case["restart"], mode, float(line))
        busy = (time.process_time() - cpu) / (time.perf_counter() - begin)
        extra = {} if flops is None else {"flops": flops}
        tell(kind="slice", steps=steps, seconds=seconds, busy=busy, **extra)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        tell(kind="failed", reason=f"{type(error).__name__}: {str(error)[:300]}")
        sys.exit(1)
