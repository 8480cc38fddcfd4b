"""Orientation selectivity of each neuron, and its permutation p-value by scipy: angles exchanged among presentations.

stdin: JSON {rows: [[neuron, angle, rate], …], resamples}. stdout: JSON {neurons: {name: [index, p]}, adjusted: {name: p}}.
"""
import json
import sys

import numpy as np
from scipy.stats import false_discovery_control, permutation_test

asked = json.load(sys.stdin)
found = {}
for name in dict.fromkeys(row[0] for row in asked["rows"]):
    angle, rate = np.array([row[1:] for row in asked["rows"] if row[0] == name], dtype=float).T
    different, place, counts = np.unique(angle, return_inverse=True, return_counts=True)
    weight = 1 / counts[place]
    wave = weight * np.exp(2j * np.deg2rad(angle))

    def index(x, axis=-1):
        return np.abs(np.sum(x * wave, axis=axis)) / np.sum(x * weight, axis=axis)

    test = permutation_test(
        (rate,), index, permutation_type="pairings", vectorized=True, alternative="greater",
        n_resamples=asked["resamples"], rng=np.random.default_rng(1),
    )
    found[name] = [float(test.statistic), float(test.pvalue)]
adjusted = false_discovery_control([p for _, p in found.values()])
json.dump({"neurons": found, "adjusted": dict(zip(found, map(float, adjusted)))}, sys.stdout)
