"""Parses and verifies every function of the modules in a folder, and prints how many there are, as JSON."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import program as programs

counts, wrong = {}, []
for path in sorted(Path(sys.argv[1]).glob("*.mlir")):
    text = path.read_text("utf-8")
    symbols = re.findall(r"^  func\.func public @(\w+)\($", text, re.M)
    for symbol in symbols:
        try:
            programs.artifact(text, symbol)
        except Exception as error:
            wrong.append(f"{path.name} @{symbol}: {str(error)[:400]}")
    counts[path.name] = len(symbols)
print(json.dumps({"counts": counts, "wrong": wrong}))
