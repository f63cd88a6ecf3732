"""Where a training begins or goes on, and what has to be equal for it to go on with the same steps."""

import math
import sys
from dataclasses import dataclass

import jax
import numpy as np

import data
import draws
import files
from refused import Refused

USUAL = {"shuffle": True, "lastBatch": "keep"}


@dataclass
class Training:
    """`state` is in the order of the description, whole on every device."""

    state: list
    step: int
    until: int
    every: int
    skipped: int
    course: dict  # seed, batch, data and whatever else decides the steps
    resumed: bool
    stopped: int = 0  # the signal that ends it

    @property
    def steps_per_epoch(self):
        return steps_per_epoch(self.course)


def steps_per_epoch(course):
    parts = course["records"] / course["batch"]
    return math.floor(parts) if course["lastBatch"] == "drop" else math.ceil(parts)


def begin(options, description, columns, is_first):
    """Draws the initial state, or takes it from the newest checkpoint: the first process reads, all get what it read."""
    found = found_checkpoint(options) if is_first and options.checkpoint else None
    facts = found[1] if found else {}
    course = {
        "fingerprint": description["fingerprint"],
        # Only who writes checkpoints needs it.
        "data": data.hash_of(columns) if is_first and options.checkpoint else "",
        "records": len(next(iter(columns.values()))),
        "batch": description["batch"],
        "seed": first_given(options.seed, facts.get("seed"), description["seed"]),
        "shuffle": first_given(False if options.no_shuffle else None, facts.get("shuffle"), USUAL["shuffle"]),
        "lastBatch": first_given(options.last_batch, facts.get("lastBatch"), USUAL["lastBatch"]),
    }
    if found:
        check_course(course, found, description, options.allow_drift)
        state = {entry["name"]: found[0][entry["name"]] for entry in description["state"]}
    else:
        state = initial_state(description, columns, course["seed"], options.init)
    where = {"step": facts.get("step", 0), "until": facts.get("until", -1), "skipped": facts.get("skipped", 0)}
    if jax.process_count() > 1 and options.checkpoint:
        state, where, course = agreed(state, where, course)
    check_sizes(course, description)
    epochs = first_given(options.epochs, description["epochs"])
    if options.steps is not None:
        where["until"] = options.steps
    elif options.epochs is not None or where["until"] < 0:
        where["until"] = epochs * steps_per_epoch(course)
    where["until"] = max(where["until"], where["step"])
    every = options.every or steps_per_epoch(course)
    return Training(list(state.values()), every=every, course=course, resumed=found is not None, **where)


def found_checkpoint(options):
    if options.resume:
        return files.newest_checkpoint(options.checkpoint, lambda text: print(f"warning: {text}", file=sys.stderr))
    if files.steps_in(options.checkpoint):
        raise Refused(f"there are checkpoints of a training in {options.checkpoint}: --resume goes on from them")
    return None


def check_course(course, found, description, allow_drift):
    tensors, facts = found
    wanted = {entry["name"]: tuple(entry["shape"]) for entry in description["state"]}
    if {name: array.shape for name, array in tensors.items()} != wanted:
        raise Refused("the checkpoint is of another model")
    drifts = [f"{name} is {value!r} instead of {facts[name]!r}" for name, value in course.items() if value != facts[name]]
    if drifts and not allow_drift:
        raise Refused(f"the checkpoint is of another training: {'; '.join(drifts)} (--allow-drift goes on all the same)")


def check_sizes(course, description):
    if steps_per_epoch(course) == 0:
        raise Refused(f"no step can be made: {course['records']} records are fewer than a batch")
    left = course["records"] % course["batch"]
    if left and course["lastBatch"] == "keep" and description["tail"] != left:
        raise Refused(
            f"the last step of an epoch has {left} samples, for which nothing was exported: "
            f"export with --records {course['records']}, or give --last-batch drop"
        )


def initial_state(description, columns, seed, init):
    """Drawn, or from a file; statistics that inputs are normalized with are those of the data."""
    state = draws.initial_state(description, seed)
    given = {}
    if init is not None:
        with open(init, "rb") as file:
            given = files.decode_safetensors(file.read())[0]
    for entry in description["state"]:
        values = state[entry["name"]]
        if entry["role"] != "slot" and entry["name"] in given:
            values[...] = given[entry["name"]]
        if entry["init"]["kind"] == "fitted" and np.isnan(values).any():
            values[...] = draws.fitted(entry["init"], columns[entry["init"]["input"]]).reshape(entry["shape"])
    return state


def agreed(state, where, course):
    """What the first process has, on all of them. Numbers travel as two halves, because JAX has 32 bits."""
    from jax.experimental import multihost_utils

    chosen = {"seed": course["seed"], "shuffle": int(course["shuffle"]), "drop": int(course["lastBatch"] == "drop")}
    numbers = [*where.values(), *chosen.values()]
    halves = np.array([divmod(number, 2**31) for number in numbers], np.int32)
    *arrays, halves = multihost_utils.broadcast_one_to_all((*state.values(), halves))
    numbers = [int(high) * 2**31 + int(low) for high, low in halves]
    *rest, seed, shuffle, drop = numbers
    chosen = {"seed": seed, "shuffle": bool(shuffle), "lastBatch": "drop" if drop else "keep"}
    state = {name: np.asarray(array) for name, array in zip(state, arrays)}
    return state, dict(zip(where, rest)), course | chosen


def checkpoint_of(training, description):
    """The bytes of a checkpoint; throws Refused where the state has become NaN, which nobody could go on from."""
    names = [entry["name"] for entry in description["state"]]
    tensors = {name: np.asarray(array) for name, array in zip(names, training.state)}
    bad = [name for name, array in tensors.items() if np.isnan(array).any()]
    if bad:
        raise Refused(f"{', '.join(bad)} became NaN by step {training.step}; checkpoints are those of before")
    epoch, place = divmod(training.step, training.steps_per_epoch)
    facts = {"model": description["model"], "step": training.step, "epoch": epoch, "batchOfEpoch": place}
    facts |= {"until": training.until, "skipped": training.skipped} | training.course
    return files.encode_checkpoint(tensors, facts)


def first_given(*values):
    return next(value for value in values if value is not None)
