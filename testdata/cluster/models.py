"""Writes the model files *.lloyd beside it, by what docs/model-format.md says,
and reads them back. Run here: python models.py

The files that are checked in came from NumPy 2.4.6. Those of version 1 have the same
bytes as those that Model.Save wrote when that was the version.
"""

import json
import os
import struct

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
MAGIC = b"\x89LLOYD\r\n"


def crc32c(data):
    """CRC-32C (Castagnoli), bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def padded(data):
    return data + b"\0" * (-len(data) % 64)


def write(name, version, header, arrays):
    """One file: the header with the arrays, which the header of version 2 lists."""
    if version == 2:
        header["arrays"] = [{"name": k, "dtype": a.dtype.name, "shape": list(a.shape)} for k, a in arrays.items()]
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(16 + len(text)) % 64)
    body = MAGIC + struct.pack("<II", version, len(text)) + text
    for a in arrays.values():
        body = padded(body) + a.astype(a.dtype.newbyteorder("<")).tobytes()
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(body + struct.pack("<I", crc32c(body)))


def read(name):
    """The header and the arrays of a file of version 2."""
    with open(os.path.join(HERE, name), "rb") as f:
        b = f.read()
    size = int.from_bytes(b[12:16], "little")
    header, at, arrays = json.loads(b[16 : 16 + size]), 16 + size, {}
    for a in header["arrays"]:
        at += -at % 64
        n = int(np.prod(a["shape"]))
        arrays[a["name"]] = np.frombuffer(b, a["dtype"], n, at).reshape(a["shape"])
        at += n * np.dtype(a["dtype"]).itemsize
    return header, arrays


def main():
    write(
        "version1_float32.lloyd",
        1,
        {"k": 3, "d": 2, "dtype": "float32", "inertia": 0.1, "iterations": 7, "stopped": "within tolerance", "spherical": True},
        {"centers": np.array([[0.6, 0.8], [-1, 0], [0, -1]], np.float32)},
    )
    write(
        "version1_float64.lloyd",
        1,
        {"k": 2, "d": 3, "dtype": "float64", "inertia": 1e21, "iterations": 300, "stopped": "maximum of iterations reached"},
        {"centers": np.array([[1e-310, np.pi, 1e300], [5, -6, 0.1]])},
    )
    minibatch = {
        "centers": np.array([[1, 0], [0.6, 0.8]], np.float32),
        "counts": np.array([3, 0]),
        "means": np.array([[0.5, 0], [0.3, 0.4]]),
        "weights": np.array([12.5, 0]),
    }
    write(
        "version2_minibatch.lloyd",
        2,
        {"kind": "model", "inertia": 0.25, "iterations": 4, "stopped": "no improvement", "spherical": True, "unseen": 9},
        minibatch,
    )
    tree = {  # of the rows 0, 1, 5 and 14
        "centers": np.array([[5.0], [2], [14], [0.5], [5]]),
        "parts": np.array([[1, 2], [3, 4], [0, 0], [0, 0], [0, 0]], np.int32),
        "rows": np.array([4, 3, 1, 2, 1]),
        "inertia": np.array([122, 14, 0, 0.5, 0]),
    }
    write("version2_tree.lloyd", 2, {"kind": "tree", "inertia": 0.5}, tree)
    for name, want in ("version2_minibatch.lloyd", minibatch), ("version2_tree.lloyd", tree):
        _, got = read(name)
        assert list(got) == list(want) and all((got[k] == want[k]).all() for k in want)


if __name__ == "__main__":
    main()
