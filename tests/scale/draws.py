"""Orders and initial values by scale/draws.py, as bytes in hexadecimal digits: for tests that hold them to src/runtime."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "scale"))
import draws
import files

wanted = json.loads(Path(sys.argv[1]).read_text("utf-8"))
print(json.dumps({
    "orders": [draws.shuffled(*words).astype("<u4").tobytes().hex() for words in wanted["orders"]],
    "states": [
        {name: array.tobytes().hex() for name, array in draws.initial_state(wanted["description"], seed).items()}
        for seed in wanted["seeds"]
    ],
    "fitted": [
        np.asarray(draws.fitted({"statistic": name}, np.array(wanted["rows"])), "<f8").tobytes().hex()
        for name in wanted["statistics"]
    ],
    "hashes": [files.hash128(np.arange(size, dtype=np.uint8).tobytes(), seed) for size, seed in wanted["hashes"]],
}))
