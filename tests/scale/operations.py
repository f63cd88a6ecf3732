"""Runs predict of exported modules on given arguments, all in one process; files are safetensors."""

import json
import sys
from pathlib import Path

import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import files
import program as programs

for path in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    program = programs.load(path)
    function = program.description["functions"]["predict"]
    given, _ = files.decode_safetensors(Path(path).with_suffix(".in.safetensors").read_bytes())
    arguments = [given[entry["name"]].astype(programs.dtype_of(entry)) for entry in function["arguments"]]
    results = jax.jit(programs.exported(program, "predict").call)(*arguments)
    tensors = {entry["name"]: np.asarray(value) for entry, value in zip(function["results"], results)}
    Path(path).with_suffix(".out.safetensors").write_bytes(files.encode_safetensors(tensors, {"format": "chainrule"}))
