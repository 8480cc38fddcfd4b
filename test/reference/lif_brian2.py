"""The model of Shiu et al. 2024 in Brian2, on the network and input in a folder; writes the spikes.

Reads pre, post, weight (signed synapses) as .npy, and input.json: neurons, durationMs, seed, trials, the product's parameters,
and the poisson, events, outputScale and deaf of its LifInput. A window is a change of weights and sources between two runs. Writes spikes.npy,
int32 [spike x (neuron, step, trial)]. Prints the seconds of the runs without building. With `together` all trials are copies of the
network that run at once: a step costs NumPy about as much for twenty copies as for one.
usage: lif_brian2.py FOLDER [numpy|cython]
"""
import json
import sys
import time

import numpy as np
from brian2 import (Network, NeuronGroup, PoissonInput, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, Hz,
                    prefs, seed)

folder = sys.argv[1]
prefs.codegen.target = sys.argv[2] if len(sys.argv) > 2 else "numpy"
load = lambda name: np.load(f"{folder}/{name}.npy")
given = json.load(open(f"{folder}/input.json"))
neurons, duration, p = given["neurons"], given["durationMs"], given["parameters"]
dt, unit = p["dtMs"], p["weightMv"] * mV
window = lambda entry: (entry.get("fromMs", 0), entry.get("untilMs", duration))
holds = lambda entry, t: window(entry)[0] <= t < window(entry)[1]
defaultclock.dt = dt * ms
# Neuron k of copy c is k * copies + c: the copies of a neuron lie side by side, as a source of input to all of them needs it.
copies = given["trials"] if given.get("together") else 1
every = lambda index: (np.asarray(index)[:, None] * copies + np.arange(copies)).ravel()

equations = """
dv/dt = (v_0 - v + g) / t_mbr : volt (unless refractory)
dg/dt = -g / tau : volt (unless refractory)
rfc : second
"""
parameters = dict(v_0=-52 * mV, v_rst=-52 * mV, v_th=(-52 + p["thresholdMv"]) * mV, t_mbr=p["tauMembraneMs"] * ms,
                  tau=p["tauSynapseMs"] * ms)
group = NeuronGroup(neurons * copies, equations, method="linear", threshold="v > v_th", reset="v = v_rst; g = 0 * mV",
                    refractory="rfc", namespace=parameters)
group.v = -52 * mV
group.g = 0 * mV
group.rfc = p["refractoryMs"] * ms

pre, post, weight = load("pre"), load("post"), load("weight").astype(float)
synapses = Synapses(group, group, "w : volt", on_pre="g += w", delay=p["delayMs"] * ms)
synapses.connect(i=every(pre), j=every(post))
monitor = SpikeMonitor(group)
network = Network(group, synapses, monitor)

events = given.get("events", [])
kick, targets, size = None, np.array([e["neuron"] for e in events], int), np.array([e["mv"] for e in events], float)
if events:
    times = np.array([e["step"] for e in events]) * dt * ms
    source = SpikeGeneratorGroup(len(events), np.arange(len(events)), times)
    kick = Synapses(source, group, "w : volt", on_pre="v += w")
    kick.connect(i=np.repeat(np.arange(len(events)), copies), j=every(targets))
    network.add(source, kick)
poisson = []
for entry in given.get("poisson", []):
    neuron = entry["neuron"]
    own = group[neuron * copies:(neuron + 1) * copies]
    own.rfc = 0 * ms
    source = PoissonInput(own, "v", 1, entry["rateHz"] * Hz, weight=p["driveSynapses"] * unit)
    poisson.append((entry, source))
    network.add(source)

windowed = [entry for name in ("poisson", "outputScale", "deaf") for entry in given.get(name, [])]
ends = sorted({edge for entry in windowed for edge in window(entry) if 0 < edge < duration} | {duration})


def enter(t):
    """Weights and sources as they are from t on."""
    factor = np.ones(neurons)
    for entry in given.get("outputScale", []):
        if holds(entry, t):
            factor[entry["neuron"]] *= entry["factor"]
    hears = np.ones(neurons)
    for entry in given.get("deaf", []):
        if holds(entry, t):
            hears[entry["neuron"]] = 0
    synapses.w = np.repeat(weight * factor[pre] * hears[post], copies) * unit
    if kick is not None:
        kick.w = np.repeat(size * hears[targets], copies) * mV
    for entry, source in poisson:
        source.active = bool(holds(entry, t) and hears[entry["neuron"]])


network.run(0 * ms)
network.store()
seconds, spikes = 0.0, []
for run in range(given["trials"] // copies):
    network.restore()
    seed(given["seed"] + run)
    t = 0
    for end in ends:
        enter(t)
        start = time.perf_counter()
        network.run((end - t) * ms)
        seconds += time.perf_counter() - start
        t = end
    step = np.rint(np.asarray(monitor.t / ms) / dt).astype(np.int32)
    neuron, copy = np.divmod(np.asarray(monitor.i), copies)
    spikes.append(np.stack([neuron, step, run + copy], 1).astype(np.int32))
print(seconds)
np.save(f"{folder}/spikes.npy", np.concatenate(spikes))
