"""Files in the form that FlyWire's users have, made small from real neuron ids.

usage: flywire_files.py COMPLETENESS_CSV OUT_FOLDER RELEASE NEURONS
Writes Connectivity_RELEASE.parquet (columns and types of the whole-brain model's file, written by pandas with pyarrow) and
Completeness_RELEASE.csv for the first NEURONS ids. Neuron i excites unless i is a multiple of 3 and sends to i + 1, i + 2 and
i + 5, cyclically, with i % 7 + 1 synapses.
"""
import sys

import numpy as np
import pandas as pd

source, folder, release, size = sys.argv[1:]
completeness = pd.read_csv(source, index_col=0).iloc[: int(size)]
completeness.to_csv(f"{folder}/Completeness_{release}.csv")
ids = completeness.index.to_numpy(dtype=np.int64)
pre = np.repeat(np.arange(len(ids)), 3)
post = (pre + np.tile([1, 2, 5], len(ids))) % len(ids)
count = pre % 7 + 1
sign = np.where(pre % 3 == 0, -1, 1)
pd.DataFrame({
    "Presynaptic_ID": ids[pre], "Postsynaptic_ID": ids[post], "Presynaptic_Index": pre, "Postsynaptic_Index": post,
    "Connectivity": count, "Excitatory": sign, "Excitatory x Connectivity": sign * count,
}).to_parquet(f"{folder}/Connectivity_{release}.parquet", engine="pyarrow", index=False)
