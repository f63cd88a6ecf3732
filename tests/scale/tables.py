"""The columns of a data file of chainrule export as .npz and as .csv beside it."""

import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import files

path = Path(sys.argv[1])
columns, _ = files.decode_safetensors(path.read_bytes())
np.savez(path.with_suffix(".npz"), **columns)
with open(path.with_suffix(".csv"), "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["kind", "first", "second"])
    rows.writerows([int(y), *(repr(float(value)) for value in x)] for x, y in zip(columns["x"], columns["y"]))
