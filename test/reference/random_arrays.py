"""Writes random arrays as NumPy saves them, and what is in them: test/fuzz/random-arrays.ts compares.

usage: random_arrays.py FOLDER SEED COUNT  ->  FOLDER/aI.npy; stdout: one JSON object a line, in that order
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(seed)
numbers = "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split()
odd = [0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 6e-8, 65504.0, 1e308]


def drawn(code, shape):
    if code == "b1":
        return random.random(shape) < 0.5
    if code[0] == "f":
        values = random.normal(scale=10.0 ** random.integers(-8, 8), size=shape)
        values = np.where(random.random(shape) < 0.2, random.choice(odd, shape), values)
        with np.errstate(over="ignore"):
            return values.astype(code)
    limits = np.iinfo(code)
    return random.integers(limits.min, limits.max, size=shape, dtype=code, endpoint=True)


def laid(array):
    """The same values, in memory as arrays of analyses lie: sliced, turned, transposed, in columns."""
    way = random.integers(0, 5)
    if way == 0:
        return np.asfortranarray(array)
    if way == 1:
        return array.T
    if way == 2 and array.ndim > 0:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    return array[::-1] if way == 3 and array.ndim > 0 else array


def texts(array):
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    values = (str(int(v) if isinstance(v, bool) else v) for v in array.ravel(order="C").tolist())
    return [names.get(text, text) for text in values]


def refused(size):
    fields = [(f"field{i}", str(random.choice(numbers))) for i in range(random.integers(1, 5))]
    kinds = {
        "records": np.zeros(size, fields),
        "complex": np.zeros(size, "c16"),
        "words": np.array(["unit", "µ"] * max(size, 1)),
        "bytes": np.array([b"unit"] * max(size, 1)),
        "times": np.zeros(size, "M8[ms]"),
        "durations": np.zeros(size, "m8[s]"),
        "objects": np.array([None] * max(size, 1), dtype=object),
        "long": np.zeros(max(size, 1), np.longdouble),
    }
    name = str(random.choice(list(kinds)))
    return kinds[name], [field for field, _ in fields] if name == "records" else []


for i in range(count):
    said = {}
    if random.random() < 0.15:
        array, fields = refused(int(random.integers(0, 4)))
        said = {"refused": fields}
    else:
        shape = tuple(int(n) for n in random.integers(0, 6, random.integers(0, 5)))
        code = str(random.choice(numbers))
        array = laid(np.asarray(drawn(code, shape)))
        said = {"dtype": code, "shape": list(array.shape), "values": texts(array)}
        array = array.astype(array.dtype.newbyteorder(random.choice(["<", ">"])), copy=False)
    with open(folder / f"a{i}.npy", "wb") as file:
        version = [None, (1, 0), (2, 0), (3, 0)][random.integers(0, 4)]
        npy.write_array(file, array, version=(2, 0) if version == (1, 0) and "refused" in said else version)
    print(json.dumps(said))
