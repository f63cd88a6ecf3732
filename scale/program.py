"""An exported step as functions of JAX: XLA compiles them for all devices, of this host and of others."""

import dataclasses
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import export
from jax.extend import mlir
from jax.extend.mlir import ir
from jax.extend.mlir.dialects import stablehlo
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from draws import dtype_of
from refused import Refused


@dataclasses.dataclass(frozen=True)
class Program:
    description: dict
    text: str
    mesh: Mesh
    compiled: dict = dataclasses.field(default_factory=dict)

    def sharding(self, rows=None):
        """Where a batch of so many rows lies: dealt out to the devices if that goes evenly, else whole on each."""
        spread = rows is not None and rows % self.mesh.size == 0
        return NamedSharding(self.mesh, PartitionSpec("batch") if spread else PartitionSpec())


def load(path):
    """Reads step.mlir and the step.json beside it; throws Refused if they do not fit the devices."""
    path = Path(path)
    description = json.loads(path.with_suffix(".json").read_text("utf-8"))
    if description.get("format") != 1:
        raise Refused(f"{path.with_suffix('.json')} is not a description of format 1")
    jax.config.update("jax_enable_x64", description["dtype"] == "f64")
    devices, wanted = jax.devices(), (description["mesh"] or {}).get("batch")
    if wanted not in (None, len(devices)):
        raise Refused(f"the step was exported for {wanted} devices (--mesh), and there are {len(devices)}")
    if description["batch"] % len(devices) != 0:
        raise Refused(
            f"{len(devices)} devices cannot share {description['batch']} samples evenly: "
            f"export with a --batch that is a multiple of {len(devices)}"
        )
    return Program(description, path.read_text("utf-8"), Mesh(np.array(devices), ("batch",)))


def call(program, name, state, columns, rows, step, seed):
    """
    Runs a function on some rows of the columns, and gives its results in the order of the description. The step takes
    the memory of the state that it is given.
    """
    tail = "" if len(rows) == program.description["batch"] else "_tail"
    symbol = f"{name}{tail}"
    if symbol not in program.compiled:
        program.compiled[symbol] = compiled(program, symbol)
    wanted = [entry["name"] for entry in program.description["functions"][symbol]["arguments"] if entry["kind"] == "column"]
    batch = [placed(program, columns[name], rows) for name in wanted]
    # 32 bits each, whose sign does not matter.
    numbers = [whole(program, np.asarray(number & 0xFFFFFFFF, np.uint32).view(np.int32)) for number in (step, seed)]
    return program.compiled[symbol](*state, *batch, *numbers)


def compiled(program, symbol):
    function = program.description["functions"][symbol]
    called = exported(program, symbol)
    updated = sum(entry["kind"] == "state" for entry in function["results"])
    return jax.jit(
        lambda *arguments: called.call(*arguments),
        in_shardings=tuple(
            program.sharding(function["batch"] if entry["kind"] == "column" else None)
            for entry in function["arguments"]
        ),
        # Whole on every device, so that every host can read them.
        out_shardings=program.sharding(),
        donate_argnums=tuple(range(updated)),
    )


def exported(program, symbol):
    """
    The function as what jax.export gives for functions of JAX: a function with the same arguments and results, which
    computes nothing, is exported, and gets our module in the place of its own.
    """
    function = program.description["functions"][symbol]
    arguments, results = (
        [jax.ShapeDtypeStruct(entry["shape"], dtype_of(entry)) for entry in function[part]]
        for part in ("arguments", "results")
    )
    nothing = jax.jit(lambda *_: tuple(jnp.zeros(x.shape, x.dtype) for x in results), keep_unused=True)
    return dataclasses.replace(
        export.export(nothing)(*arguments),
        mlir_module_serialized=artifact(program.text, symbol),
        nr_devices=program.mesh.size if program.description["mesh"] else 1,
    )


def artifact(text, symbol):
    """One function of the module as a portable artifact of StableHLO, in which it is called main. Verifies it."""
    # A context that knows the dialects that JAX knows.
    context = jax.jit(lambda: 0).lower().compiler_ir("stablehlo").context
    with context, ir.Location.unknown():
        module = ir.Module.parse(text)
        for operation in list(module.body.operations):
            if operation.operation.name != "func.func":
                continue
            if operation.attributes["sym_name"].value == symbol:
                operation.attributes["sym_name"] = ir.StringAttr.get("main")
            else:
                operation.operation.erase()
        module.operation.verify()
        return mlir.serialize_portable_artifact(module, stablehlo.get_current_version())


def placed(program, column, rows):
    """The rows of a column as a batch: each host reads those of its own devices alone."""
    shape = (len(rows), *column.shape[1:])
    return jax.make_array_from_callback(
        shape, program.sharding(len(rows)), lambda index: column[rows[index[0]]]
    )


def whole(program, array):
    """On every device."""
    return jax.make_array_from_callback(array.shape, program.sharding(), lambda index: array[index])
