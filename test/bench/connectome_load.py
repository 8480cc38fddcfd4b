"""Reads neurons and edges of a connectome into indices and weights; prints seconds and peak resident memory in MB.

usage: connectome_load.py pyarrow|pandas NEURONS_PARQUET EDGES_PARQUET
pyarrow: keeps the ids as dictionaries and looks up each distinct id once. pandas: read_parquet and Index.get_indexer.
"""
import resource
import sys
import time

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

how, neurons, edges = sys.argv[1:]
if how == "pandas":
    import pandas as pd
start = time.perf_counter()
if how == "pyarrow":
    ids = pq.read_table(neurons, columns=["id"])["id"].combine_chunks()
    table = pq.read_table(edges, columns=["pre", "post", "weight"], read_dictionary=["pre", "post"])
    weight = table["weight"].to_numpy()
    ends = []
    for name in ("pre", "post"):
        parts = []
        for chunk in table[name].chunks:
            place = pc.index_in(chunk.dictionary, value_set=ids).to_numpy(zero_copy_only=False).astype(np.int32)
            parts.append(place[chunk.indices.to_numpy(zero_copy_only=False)])
        ends.append(np.concatenate(parts))
    pre, post = ends
else:
    index = pd.Index(pd.read_parquet(neurons, columns=["id"])["id"])
    frame = pd.read_parquet(edges, columns=["pre", "post", "weight"])
    pre = index.get_indexer(frame["pre"]).astype(np.int32)
    post = index.get_indexer(frame["post"]).astype(np.int32)
    weight = frame["weight"].to_numpy()
seconds = time.perf_counter() - start
assert (pre >= 0).all() and (post >= 0).all()
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, int(pre.sum()), int(post.sum()), float(weight.sum()))
