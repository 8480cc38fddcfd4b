"""Spike counts, histograms around events, tuning curves and standard errors, by numpy and pandas.

argv: folder with spikes.csv (unit, t) and trials.csv (onset, offset, angle). stdout: JSON of lists of rows.
"""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

folder = Path(sys.argv[1])
spikes = pd.read_csv(folder / "spikes.csv", dtype={"unit": str}).dropna()
trials = pd.read_csv(folder / "trials.csv")
first, width, bins = -0.2, 0.05, 12
edges = first + np.arange(bins + 1) * width
units = sorted(spikes.unit.unique())


def histogram(train, onsets):
    counts = np.zeros((len(onsets), bins))
    for i, onset in enumerate(onsets):
        place = np.searchsorted(edges, train - onset, side="right") - 1
        for k in place[(place >= 0) & (place < bins)]:
            counts[i, k] += 1
    return counts


psth, counts = [], []
for unit in units:
    train = spikes.t[spikes.unit == unit].to_numpy()
    for angle, shown in trials.dropna(subset=["onset"]).groupby("angle"):
        found = histogram(train, shown.onset.to_numpy())
        rate = found / width
        error = rate.std(axis=0, ddof=1) / np.sqrt(len(rate)) if len(rate) > 1 else [None] * bins
        for k in range(bins):
            psth.append([unit, int(angle), k, len(rate), int(found[:, k].sum()), float(rate[:, k].mean()),
                         None if error[k] is None else float(error[k])])
    for i, row in trials.iterrows():
        measured = np.isfinite(row.onset) and np.isfinite(row.offset) and row.onset <= row.offset
        inside = int(((train >= row.onset) & (train < row.offset)).sum()) if measured else None
        counts.append([unit, i, int(row.angle), inside])

frame = pd.DataFrame(counts, columns=["unit", "window", "angle", "spikes"])
frame["spikes"] = frame.spikes.astype(float)
curve = [
    [unit, int(angle), int(group.spikes.count()), group.spikes.mean(), group.spikes.std(), group.spikes.sem()]
    for (unit, angle), group in frame.groupby(["unit", "angle"])
]
json.dump(json.loads(pd.Series([psth, counts, curve]).to_json(double_precision=15, orient="values")), sys.stdout)
