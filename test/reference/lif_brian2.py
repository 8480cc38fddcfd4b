"""The model of Shiu et al. 2024 in Brian2, on the network and input in a folder of .npy files; writes the spikes.

Reads pre, post, weight (signed synapses), event_step, event_neuron, event_mv, drive_neuron, drive_hz, silenced (neurons whose
output is off), and meta = [neurons, duration_ms, seed, trials]. Writes spikes.npy, int32 [spike x (neuron, step, trial)].
Prints the seconds of the run without building. usage: lif_brian2.py FOLDER [numpy|cython]
"""
import sys
import time

import numpy as np
from brian2 import (Network, NeuronGroup, PoissonInput, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, Hz,
                    prefs, seed)

folder = sys.argv[1]
prefs.codegen.target = sys.argv[2] if len(sys.argv) > 2 else "numpy"
load = lambda name: np.load(f"{folder}/{name}.npy")
neurons, duration, number, trials = (int(x) for x in load("meta"))
defaultclock.dt = 0.1 * ms

equations = """
dv/dt = (v_0 - v + g) / t_mbr : volt (unless refractory)
dg/dt = -g / tau : volt (unless refractory)
rfc : second
"""
parameters = dict(v_0=-52 * mV, v_rst=-52 * mV, v_th=-45 * mV, t_mbr=20 * ms, tau=5 * ms)
group = NeuronGroup(neurons, equations, method="linear", threshold="v > v_th", reset="v = v_rst; g = 0 * mV",
                    refractory="rfc", namespace=parameters)
group.v = -52 * mV
group.g = 0 * mV
group.rfc = 2.2 * ms

weight = load("weight").astype(float)
silenced = load("silenced").astype(int)
weight[np.isin(load("pre"), silenced)] = 0
synapses = Synapses(group, group, "w : volt", on_pre="g += w", delay=1.8 * ms)
synapses.connect(i=load("pre"), j=load("post"))
synapses.w = weight * 0.275 * mV

monitor = SpikeMonitor(group)
network = Network(group, synapses, monitor)

steps, targets, size = load("event_step"), load("event_neuron"), load("event_mv")
if len(steps):
    source = SpikeGeneratorGroup(len(steps), np.arange(len(steps)), steps * 0.1 * ms)
    kick = Synapses(source, group, "w : volt", on_pre="v += w")
    kick.connect(i=np.arange(len(steps)), j=targets)
    kick.w = size * mV
    network.add(source, kick)
for neuron, rate in zip(load("drive_neuron"), load("drive_hz")):
    group.rfc[int(neuron)] = 0 * ms
    network.add(PoissonInput(group[int(neuron):int(neuron) + 1], "v", 1, rate * Hz, weight=0.275 * 250 * mV))

network.run(0 * ms)
network.store()
seconds, spikes = 0.0, []
for trial in range(trials):
    network.restore()
    seed(number + trial)
    start = time.perf_counter()
    network.run(duration * ms)
    seconds += time.perf_counter() - start
    step = np.rint(np.asarray(monitor.t / ms) * 10).astype(np.int32)
    spikes.append(np.stack([np.asarray(monitor.i), step, np.full(len(step), trial)], 1).astype(np.int32))
print(seconds)
np.save(f"{folder}/spikes.npy", np.concatenate(spikes))
