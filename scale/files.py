"""Safetensors and the checkpoints of chainrule: one format with src/runtime, written so that no crash harms them."""

import json
import os
import socket
import struct
import uuid
from contextlib import contextmanager
from pathlib import Path

import jax
import numpy as np

from refused import Refused

DTYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I32": np.dtype("<i4")}
MAGIC = '{"__metadata__":{"format":"chainrule-checkpoint '
CHECKSUM_AT = 8 + len(MAGIC) + len('001","checksum":"')
COVERED_FROM = CHECKSUM_AT + 32
# In this order, as texts, after "format" and "checksum".
FIELDS = ("model", "fingerprint", "step", "epoch", "batchOfEpoch", "until", "skipped", "seed", "data", "records",
          "batch", "shuffle", "lastBatch")
NUMBERS = ("step", "epoch", "batchOfEpoch", "until", "skipped", "seed", "records", "batch")
GENERATIONS = 2


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def encode_safetensors(tensors, metadata):
    header, end = {"__metadata__": metadata}, 0
    names = {dtype: name for name, dtype in DTYPES.items()}
    for name, array in tensors.items():
        begin, end = end, end + array.nbytes
        header[name] = {
            "dtype": names[array.dtype.newbyteorder("<")],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
    text = compact(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    parts = [np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes() for array in tensors.values()]
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def decode_safetensors(data):
    """Tensors by name, as views of `data` (bytes, or a file mapped into memory), and the metadata."""
    (length,) = struct.unpack("<Q", bytes(data[:8]))
    header = json.loads(bytes(data[8 : 8 + length]).decode("utf-8"))
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def encode_checkpoint(tensors, facts):
    metadata = {"format": "chainrule-checkpoint 001", "checksum": "0" * 32}
    metadata |= {name: str(facts[name]).lower() if name == "shuffle" else str(facts[name]) for name in FIELDS}
    data = bytearray(encode_safetensors(tensors, metadata))
    data[CHECKSUM_AT:COVERED_FROM] = checksum(data).encode()
    return bytes(data)


def decode_checkpoint(data):
    """Tensors and facts; throws Refused unless every byte is as it was written."""
    start = bytes(data[8:COVERED_FROM]).decode("latin-1")
    if not start.startswith(f'{MAGIC}001","checksum":"') or start[-32:] != checksum(data):
        raise Refused("it is damaged, or of another version")
    tensors, metadata = decode_safetensors(data)
    facts = {name: int(metadata[name]) if name in NUMBERS else metadata[name] for name in FIELDS}
    return tensors, facts | {"shuffle": facts["shuffle"] == "true"}


def checksum(data):
    """Of all after it, and of what may differ before it: the length of the header and the version, 1."""
    (length,) = struct.unpack("<I", bytes(data[:4]))
    return hash128(memoryview(data)[COVERED_FROM:], length ^ 0x9E3779B1)


CONSTANTS = tuple(np.uint32(c) for c in (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93))
BLOCKS = 1 << 16  # of 16 bytes, hashed by one call


def hash128(data, seed=0):
    """MurmurHash3, the variant x86_128 (A. Appleby). XLA runs the loop: Python would take a minute for 1 GB."""
    view = np.frombuffer(data, np.uint8)
    blocks = len(view) // 16
    words = view[: blocks * 16].view("<u4").reshape(blocks, 4)
    with jax.default_device(jax.local_devices(backend="cpu")[0]):
        h = (np.uint32(seed & 0xFFFFFFFF),) * 4
        for start in range(0, blocks, BLOCKS):
            part = words[start : start + BLOCKS]
            whole = part if len(part) == BLOCKS else np.concatenate([part, np.zeros((BLOCKS - len(part), 4), "u4")])
            h = mixed_blocks(whole, len(part), h)
    tail = np.zeros(16, np.uint8)
    tail[: len(view) % 16] = view[blocks * 16 :]
    ends = zip([int(x) for x in h], [int(x) for x in tail.view("<u4")], range(4))
    return finished([x ^ scrambled(word, lane) for x, word, lane in ends], len(view))


@jax.jit
def mixed_blocks(words, count, h):
    def rotated(x, by):
        return (x << by) | (x >> (32 - by))

    def block(i, h):
        h, k = list(h), words[i]
        for lane, (by, add) in enumerate(((19, 0x561CCD1B), (17, 0x0BCAA747), (15, 0x96CD1C35), (13, 0x32AC3B17))):
            word = rotated(k[lane] * CONSTANTS[lane], 15 + lane) * CONSTANTS[(lane + 1) % 4]
            h[lane] = (rotated(h[lane] ^ word, by) + h[(lane + 1) % 4]) * np.uint32(5) + np.uint32(add)
        return tuple(h)

    return jax.lax.fori_loop(0, count, block, h)


def scrambled(word, lane):
    word = word * int(CONSTANTS[lane]) & 0xFFFFFFFF
    by = 15 + lane
    return ((word << by) | (word >> (32 - by))) * int(CONSTANTS[(lane + 1) % 4]) & 0xFFFFFFFF


def finished(h, length):
    h = [x ^ length for x in h]
    added = [avalanche(x) for x in [sum(h), *(sum(h) + x for x in h[1:])]]
    total = sum(added)
    return "".join(f"{(total + (0 if lane == 0 else word)) & 0xFFFFFFFF:08x}" for lane, word in enumerate(added))


def avalanche(x):
    x &= 0xFFFFFFFF
    for factor in (0x85EBCA6B, 0xC2B2AE35):
        x = (x ^ (x >> (16 if factor == 0x85EBCA6B else 13))) * factor & 0xFFFFFFFF
    return x ^ (x >> 16)


def checkpoint_path(folder, step):
    return Path(folder) / f"step-{step:016d}.safetensors"


def steps_in(folder):
    """Of the checkpoints that are there, newest first."""
    names = (path.name for path in Path(folder).glob("step-*.safetensors"))
    return sorted((int(name[5:21]) for name in names if len(name) == 33 and name[5:21].isdigit()), reverse=True)


def newest_checkpoint(folder, tell):
    """The newest that is whole, or None where there is none at all; throws Refused if all are damaged."""
    steps = steps_in(folder)
    for step in steps:
        path = checkpoint_path(folder, step)
        try:
            return decode_checkpoint(path.read_bytes())
        except Refused as error:
            tell(f"{path}: {error}")
    if steps:
        raise Refused(f"none of the {len(steps)} checkpoints in {folder} is whole")
    return None


def write_checkpoint(folder, step, data, owner):
    """Whole or not at all: the bytes are on the disk before the name is theirs. The generation before stays."""
    path = checkpoint_path(folder, step)
    temporary = Path(f"{path}.{owner}.tmp")
    write_synced(temporary, data)
    os.replace(temporary, path)
    sync_folder(folder)
    for old in steps_in(folder)[GENERATIONS:]:
        checkpoint_path(folder, old).unlink(missing_ok=True)


def write_synced(path, data):
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder):
    """One writer for a folder, this program or chainrule train; the lock of a process that is gone is taken over."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    owner, path = str(uuid.uuid4()), folder / "lock"
    me = {"host": socket.gethostname(), "pid": os.getpid(), "started": start_of(os.getpid()), "owner": owner}
    while not placed(path, compact(me), owner):
        remove_stale(path, owner)
    for left in folder.glob("step-*.tmp"):
        left.unlink(missing_ok=True)
    try:
        yield owner
    finally:
        if path.read_text() == compact(me):
            path.unlink()


def placed(path, text, owner):
    """The lock gets its name when it has its content, so that nobody ever reads half of it."""
    temporary = Path(f"{path}.{owner}.tmp")
    write_synced(temporary, text.encode())
    try:
        os.link(temporary, path)
        return True
    except FileExistsError:
        return False
    finally:
        temporary.unlink()


def remove_stale(path, owner):
    """Takes the lock of a dead process away by its name, which only one of several can do; throws for a living one."""
    try:
        text = path.read_text()
        holder = json.loads(text)
        if may_live(holder):
            raise Refused(f"process {holder['pid']} of {holder['host']} writes its checkpoints there ({path})")
        aside = Path(f"{path}.stale.{owner}.tmp")
        os.rename(path, aside)
        if aside.read_text() != text:
            os.link(aside, path)  # the fresh lock of another, which gets its name back
        aside.unlink()
    except FileNotFoundError:
        pass


def may_live(holder):
    """Numbers of processes are given again: another start is another process. Of other hosts nothing is known."""
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    now = start_of(holder["pid"])
    return "" in (now, holder["started"]) or now == holder["started"]


def start_of(pid):
    """When a process was started, as Linux numbers it; empty where there is none, or no Linux."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {fields[19]}"
    except (OSError, IndexError):
        return ""
