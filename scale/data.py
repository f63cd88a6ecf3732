"""Training data by the names of a model's inputs and labels: what chainrule export wrote, .npz, or .csv of numbers."""

import csv
import mmap
from pathlib import Path

import numpy as np

from draws import dtype_of
from files import decode_safetensors, hash128
from refused import Refused


def read_columns(path, description, label=None):
    """A column for each input and label, checked; throws Refused for what the model cannot take."""
    path = Path(path)
    if path.suffix == ".safetensors":
        # Mapped into memory: of a file larger than it, only the rows that are trained on are read.
        with open(path, "rb") as file:
            found = decode_safetensors(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))[0]
    elif path.suffix == ".npz":
        found = dict(np.load(path, allow_pickle=False))
    elif path.suffix == ".csv":
        found = columns_of_table(path, description, label)
    else:
        raise Refused(f"{path} is none of .safetensors, .npz and .csv; chainrule export --data SPEC writes the first")
    columns = {entry["name"]: checked(entry, found.get(entry["name"]), path) for entry in description["inputs"]}
    if len({len(column) for column in columns.values()}) != 1:
        raise Refused(f"all columns of {path} need one number of records")
    return columns


def columns_of_table(path, description, label):
    """A header row, then numbers: one column is the label (the last, unless it is named), the others are the input."""
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    numbers = np.array(rows, np.float64)
    at = header.index(label) if label is not None else len(header) - 1
    parts = {"label": numbers[:, at], "input": np.delete(numbers, at, axis=1)}
    return {entry["name"]: parts[entry["role"]] for entry in description["inputs"]}


def checked(entry, column, path):
    if column is None:
        raise Refused(f"{path} has no column {entry['name']!r}")
    width = [size for size in entry["shape"] if size != "batch"]
    if len(column) == 0 or column.size != len(column) * int(np.prod(width, dtype=np.int64)):
        raise Refused(f"a record of {entry['name']!r} takes {width or 1} numbers, and {path} has others")
    column = column.reshape(len(column), *width)
    exact = column.astype(dtype_of(entry), copy=False)
    if not np.isfinite(exact).all() or (entry["dtype"] == "i32" and (exact != column).any()):
        raise Refused(f"{entry['name']!r} in {path} has numbers that {entry['dtype']} cannot hold")
    if "classes" in entry and not (0 <= exact.min() and exact.max() < entry["classes"]):
        raise Refused(f"{entry['name']!r} in {path} takes classes 0 to {entry['classes'] - 1}")
    return exact


def hash_of(columns):
    """What tells these data from others, as checkpoints note it."""
    hashes = (f"{quoted(name)} {hash128(np.ascontiguousarray(column).data.cast('B'))}" for name, column in columns.items())
    return hash128(",".join(hashes).encode("utf-8"))


def quoted(name):
    """As src/runtime/names.ts quotes names: printable ASCII, shortened after 60 characters."""
    shown = name if len(name) <= 60 else f"{name[:60]}..."
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if " " <= c <= "~" else f"\\u{ord(c):04x}") for c in shown) + '"'
