"""What follows from a seed alone: the order of the records and the initial values, with the bits of src/runtime."""

import numpy as np

SHUFFLES = 0xFFFFFFFF  # the stream of the shuffles; operations of a model number theirs from 0
BEFORE_ALL_STEPS = 0xFFFFFFFF  # the counter of initial values, which no step reaches
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)


def threefry(key0, key1, counter0, counter1):
    """Two words for each counter1: Threefry-2x32 with 20 rounds (Salmon et al., 2011). Arithmetic is modulo 2^32."""
    x1 = np.asarray(counter1, np.uint32)
    keys = [np.uint32(key0), np.uint32(key1), np.uint32(key0 ^ key1 ^ 0x1BD11BDA)]
    with np.errstate(over="ignore"):
        x0 = np.full_like(x1, counter0) + keys[0]
        x1 = x1 + keys[1]
        for turn in range(20):
            by = ROTATIONS[turn % 8]
            x0 = x0 + x1
            x1 = ((x1 << np.uint32(by)) | (x1 >> np.uint32(32 - by))) ^ x0
            if turn % 4 == 3:
                group = (turn + 1) // 4
                x0 = x0 + keys[group % 3]
                x1 = x1 + keys[(group + 1) % 3] + np.uint32(group)
    return x0, x1


def shuffled(count, seed, epoch):
    """The order in which an epoch visits the records (Fisher-Yates); a function of its arguments alone."""
    places = np.arange(count - 1, 0, -1)
    word, _ = threefry(seed, SHUFFLES, epoch & 0xFFFFFFFF, places)
    chosen = np.floor(word * 2.0**-32 * (places + 1)).astype(np.int64).tolist()
    order = list(range(count))
    for i, j in zip(places.tolist(), chosen):
        order[i], order[j] = order[j], order[i]
    return np.array(order, np.int64)


def initial_state(description, seed):
    """The initial value of every state by name, drawn in f64 and rounded once. Fitted statistics are NaN."""
    state = {}
    for stream, entry in enumerate(description["state"]):
        size = int(np.prod(entry["shape"], dtype=np.int64))
        values = draw(entry["init"], seed, stream, size)
        state[entry["name"]] = values.astype(dtype_of(entry)).reshape(entry["shape"])
    return state


def draw(init, seed, stream, size):
    if init["kind"] == "constant":
        return np.full(size, float(init["value"]))
    if init["kind"] == "fitted":
        return np.full(size, np.nan)
    first, second = threefry(seed, stream, BEFORE_ALL_STEPS, np.arange(size))
    if init["kind"] == "uniform":
        return init["low"] + (init["high"] - init["low"]) * ((first >> np.uint32(8)) * 2.0**-24)
    interval = first * 2.0**20 + (second >> np.uint32(12))
    return init["mean"] + init["std"] * inverse_normal((interval + 0.5) * 2.0**-52)


def fitted(init, column):
    """A statistic of each feature of the training data, in f64, added up record by record."""
    rows = column.reshape(len(column), -1)
    if init["statistic"] in ("min", "max"):
        return getattr(rows.astype(np.float64), init["statistic"])(axis=0)
    # Differences from the first record: the mean of a constant feature is exact, and so its variance is 0.
    first = rows[0].astype(np.float64)
    mean = first + added((row - first) / len(rows) for row in rows)
    return mean if init["statistic"] == "mean" else added((row - mean) ** 2 / len(rows) for row in rows)


def added(rows):
    total = 0.0
    for row in rows:
        total = total + row
    return total


def dtype_of(entry):
    return {"f32": np.float32, "f64": np.float64, "i32": np.int32, "bool": np.bool_}[entry["dtype"]]


# Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988, routine PPND16.
CENTRE = (
    (3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
     67265.7709270087, 33430.57558358813, 2509.0809287301227),
    (1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
     28729.085735721943, 5226.495278852854),
)
FLANK = (
    (1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
     0.2417807251774506, 0.022723844989269184, 0.0007745450142783414),
    (1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
     0.0005475938084995345, 1.0507500716444169e-9),
)
TAIL = (
    (6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
     0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7),
    (1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
     0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15),
)


def inverse_normal(p):
    q = p - 0.5
    r = np.sqrt(-np.log(np.where(q < 0, p, 1 - p)))
    outside = np.where(r <= 5, fraction(FLANK, r - 1.6), fraction(TAIL, r - 5))
    centre = fraction(CENTRE, 0.180625 - q * q, q)
    return np.where(np.abs(q) <= 0.425, centre, np.where(q < 0, -outside, outside))


def fraction(coefficients, x, factor=1.0):
    over, under = (polynomial(part, x) for part in coefficients)
    return factor * over / under


def polynomial(coefficients, x):
    """Coefficients from the constant term up."""
    total = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total
