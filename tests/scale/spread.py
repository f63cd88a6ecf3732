"""Compiles the step of an exported module for all devices, and prints which of its operations make devices talk."""

import collections
import json
import re
import sys
from pathlib import Path

import jax

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import program as programs

program = programs.load(sys.argv[1])
function = program.description["functions"]["step"]
arguments = [jax.ShapeDtypeStruct(entry["shape"], programs.dtype_of(entry)) for entry in function["arguments"]]
text = programs.compiled(program, "step").lower(*arguments).compile().as_text()
kinds = "all-reduce|all-gather|all-to-all|collective-permute|reduce-scatter"
found = collections.Counter(re.findall(rf" ({kinds})(?:-start)?\(", text))
aliases = re.findall(r"\{(\d+)\}: \((\d+), \{\}, \w+-alias\)", text.splitlines()[0])
print(json.dumps({"talk": found, "inPlace": [int(a) for a, b in aliases if a == b], "devices": program.mesh.size}))
