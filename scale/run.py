"""
Trains a step that `chainrule export --to stablehlo` wrote, on all devices that JAX finds, of one host or of many.

    python scale/run.py step.mlir --data step.data.safetensors --steps 1000 --checkpoint out/run --resume

See scale/README.md.
"""

import argparse
import collections
import contextlib
import json
import math
import os
import signal
import sys
import time

import jax
import numpy as np

import data
import draws
import files
import program as programs
from refused import Refused
from training import begin, checkpoint_of


def main(words=None):
    options = read_options(words)
    if options.processes > 1:
        join(options)
    try:
        return run(options)
    except (Refused, OSError) as error:
        print(f"error: {error}.", file=sys.stderr, flush=True)
        if options.processes > 1:
            os._exit(1)  # the usual way out waits for the others, who wait for this one
        return 1


def join(options):
    """Makes one program of several processes."""
    # What libraries print to the standard output is not JSON, and goes where errors go.
    sys.stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    jax.distributed.initialize(
        options.coordinator, options.processes, options.process_id, heartbeat_timeout_seconds=options.heartbeat
    )


def run(options):
    program = programs.load(options.step)
    columns = data.read_columns(options.data, program.description, options.label)
    is_first = jax.process_index() == 0
    with contextlib.ExitStack() as stack:
        writes = options.checkpoint is not None and is_first
        owner = stack.enter_context(files.locked(options.checkpoint)) if writes else None
        training = begin(options, program.description, columns, is_first)
        training.state = [programs.whole(program, array) for array in training.state]
        if training.resumed:
            tell({"event": "resumed", "steps": training.step, "until": training.until})

        def save():
            if owner is not None:
                encoded = checkpoint_of(training, program.description)
                files.write_checkpoint(options.checkpoint, training.step, encoded, owner)
                tell({"event": "checkpoint", "steps": training.step})

        listen(training)
        start = time.perf_counter()
        times = train(program, columns, training, save)
        done = {"event": "done", "steps": training.step, "seconds": time.perf_counter() - start}
        done |= {"msPerStep": float(np.median(np.diff(times)) * 1000) if len(times) > 1 else None}
        tell(done | {"devices": program.mesh.size, "train": evaluated(program, columns, training)})
    return 128 + training.stopped if training.stopped else 0


def train(program, columns, training, save):
    """
    Makes the steps, and gives the times at which the last of them were done. What a step reports is read when the next
    one is under way, so that no device waits.
    """
    records, batch, seed = (training.course[name] for name in ("records", "batch", "seed"))
    order, ordered_for = np.arange(records), -1
    reported = saved = None
    times = collections.deque(maxlen=1000)
    while training.step < training.until and not training.stopped:
        epoch, place = divmod(training.step, training.steps_per_epoch)
        if training.course["shuffle"] and epoch != ordered_for:
            order, ordered_for = draws.shuffled(records, seed, epoch), epoch
        rows = order[place * batch : (place + 1) * batch]
        results = programs.call(program, "step", training.state, columns, rows, training.step, seed)
        training.state, metrics = list(results[: len(training.state)]), results[len(training.state) :]
        report(program, reported)
        times.append(time.perf_counter())
        reported = (training.step, metrics)
        training.step += 1
        if training.step % training.every == 0:
            report(program, reported)
            save()
            reported, saved = None, training.step
    report(program, reported)
    if saved != training.step:
        save()
    return times


def report(program, reported):
    """One line of JSON, as chainrule train --json prints it; steps are counted from 0."""
    if reported is None:
        return
    step, metrics = reported
    results = program.description["functions"]["step"]["results"]
    names = [entry["name"] for entry in results if entry["kind"] == "result"]
    values = {name: np.asarray(value).item() for name, value in zip(names, metrics)}
    loss, rate = values.pop("loss"), values.pop("learningRate")
    if not math.isfinite(loss):
        raise Refused(f"the loss is {loss} at step {step + 1}; checkpoints are those of before")
    fixed = {"event": "step", "step": step, "loss": loss, "lr": rate}
    tell(fixed | values | fixed)


def evaluated(program, columns, training):
    """Means over all records, whatever the batch; None where nothing was exported for the records left over."""
    records, batch, seed = (training.course[name] for name in ("records", "batch", "seed"))
    if records % batch not in (0, program.description["tail"]):
        return None
    means = {}
    for start in range(0, records, batch):
        rows = np.arange(start, min(start + batch, records))
        results = programs.call(program, "evaluate", training.state, columns, rows, training.step, seed)
        for entry, value in zip(program.description["functions"]["evaluate"]["results"], results):
            mean = means.get(entry["name"], 0.0)
            means[entry["name"]] = mean + (np.asarray(value).item() - mean) * (len(rows) / (start + len(rows)))
    return means


def listen(training):
    """The first Ctrl-C or SIGTERM ends the training after its step, the second at once."""

    def end(number, _):
        training.stopped = number
        signal.signal(number, signal.SIG_DFL)

    # Of several processes each would stop at another step; what they have lost is made again from the checkpoint.
    if jax.process_count() == 1:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)


def tell(event):
    if jax.process_index() == 0:
        print(json.dumps(event), flush=True)


def read_options(words):
    parser = argparse.ArgumentParser(description="Trains an exported step on all devices that JAX finds.")
    add = parser.add_argument
    add("step", metavar="step.mlir", help="what chainrule export --to stablehlo wrote")
    add("--data", required=True, help=".safetensors of chainrule export --data, .npz, or .csv of numbers")
    add("--label", help="the label's column of a .csv (default the last)")
    add("--steps", type=int, help="steps from the very beginning")
    add("--epochs", type=int, help="passes over the data, in place of --steps (default the model's own)")
    add("--seed", type=int, help="decides initial weights and order (default the export's)")
    add("--init", metavar="FILE", help="start from the parameters in a .safetensors file")
    add("--no-shuffle", action="store_true", help="keep the records in their order")
    add("--last-batch", choices=["keep", "drop"], help="what becomes of records left over (default keep)")
    add("--checkpoint", metavar="DIR", help="write the training down there as it goes")
    add("--every", type=int, help="steps between two checkpoints (default those of an epoch)")
    add("--resume", action="store_true", help="go on from the newest checkpoint, if there is one")
    add("--allow-drift", action="store_true", help="go on even if data or options are others")
    add("--processes", type=int, default=1, help="how many of these programs train together")
    add("--process-id", type=int, default=0, help="which of them this one is, from 0")
    add("--coordinator", metavar="HOST:PORT", help="where the process 0 can be reached")
    add("--heartbeat", type=int, default=100, help="seconds until a silent process is taken for dead (default 100)")
    options = parser.parse_args(words)
    if (options.resume or options.every or options.allow_drift) and not options.checkpoint:
        parser.error("--resume, --every and --allow-drift are about --checkpoint DIR")
    if options.processes > 1 and not options.coordinator:
        parser.error("--processes needs --coordinator HOST:PORT")
    return options


if __name__ == "__main__":
    sys.exit(main())
