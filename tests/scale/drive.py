"""Several trainings in one process, because loading JAX takes longer than they do: a list of words for each, as JSON."""

import contextlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import run

for words in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    print(json.dumps({"event": "training", "words": words}), flush=True)
    with contextlib.redirect_stderr(sys.stdout):
        code = run.main(words)
    print(json.dumps({"event": "exit", "code": code}), flush=True)
