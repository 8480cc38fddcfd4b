"""Writes random Arrow files with pyarrow into a folder, each also as Parquet, and their names as JSON on stdout."""
import datetime
import decimal
import json
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

folder, seed = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(seed)
rows = int(rng.integers(1, 400))


def holes(values):
    """Some values missing, or none at all."""
    share = [0, 0.2, 1][rng.integers(3)] if rng.integers(4) == 0 else 0.2 * rng.integers(2)
    return [None if rng.random() < share else value for value in values]


def whole(kind):
    info = np.iinfo(kind)
    return [int(v) for v in rng.integers(info.min, info.max, size=rows, dtype=kind, endpoint=True)]


words = ['ü', 'a b', '', 'ℝ' * 20, "it's \\x", 'NULL', '\U0001f9e0']
text = lambda: [words[i] for i in rng.integers(len(words), size=rows)]
counts = lambda most: [int(v) for v in rng.integers(-most, most, size=rows)]
columns = {code: pa.array(holes(whole(code)), getattr(pa, code)()) for code in ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64']}
columns |= {
    'float32': pa.array(holes(rng.normal(size=rows).astype('f4')), pa.float32()),
    'float64': pa.array(holes([float(v) for v in rng.normal(size=rows) * 10.0 ** rng.integers(-300, 300, size=rows)]), pa.float64()),
    'float16': pa.array(rng.normal(size=rows).astype('f2'), pa.float16()),
    'small': pa.array(holes(counts(100)), pa.int64()),
    'bool': pa.array(holes([bool(v) for v in rng.integers(2, size=rows)])),
    'text': pa.array(holes(text()), pa.string()),
    'large_text': pa.array(holes(text()), pa.large_string()),
    'view_text': pa.array(holes(text()), pa.string_view()),
    'binary': pa.array(holes([t.encode() for t in text()]), pa.binary()),
    'category': pa.array(holes(text()), pa.string()).dictionary_encode(),
    'category_of_numbers': pa.array(holes(counts(5)), pa.int32()).dictionary_encode(),
    'date32': pa.array(holes(counts(40000)), pa.int32()).cast(pa.date32()),
    'date64': pa.array(holes([v * 86_400_000 for v in counts(40000)]), pa.int64()).cast(pa.date64()),
    'time32': pa.array(holes([abs(v) for v in counts(86_400_000)]), pa.int32()).cast(pa.time32('ms')),
    'time64': pa.array(holes([abs(v) for v in counts(86_400_000_000)]), pa.int64()).cast(pa.time64('us')),
    'decimal': pa.array(holes([decimal.Decimal(v).scaleb(-4) for v in counts(2**60)]), pa.decimal128(25, 4)),
    'list': pa.array(holes([[int(v) for v in rng.integers(100, size=rng.integers(4))] for _ in range(rows)]), pa.list_(pa.int32())),
    'null': pa.nulls(rows, pa.int32()),
}
for unit, most in {'ms': 2**41, 'us': 2**51, 'ns': 2**60}.items():
    columns[f'stamp_{unit}'] = pa.array(holes(counts(most)), pa.int64()).cast(pa.timestamp(unit))
columns['stamp_zone'] = pa.array(holes(counts(2**50)), pa.int64()).cast(pa.timestamp('us', 'Europe/Berlin'))
table = pa.table(columns)
pa.parquet.write_table(table, os.path.join(folder, 'table.parquet'), store_schema=False, version='2.6')
files = []
for compression in ['uncompressed', 'lz4', 'zstd']:
    files.append(f'{compression}.feather')
    pa.feather.write_feather(table, os.path.join(folder, files[-1]), compression=compression, chunksize=int(rng.integers(1, 300)))
files.append('stream.arrows')
with pa.OSFile(os.path.join(folder, files[-1]), 'wb') as sink, pa.ipc.new_stream(sink, table.schema) as writer:
    for batch in table.to_batches(max_chunksize=int(rng.integers(1, 300))):
        writer.write_batch(batch)
json.dump({'files': files, 'rows': rows}, sys.stdout)
