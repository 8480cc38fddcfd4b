"""The model of Shiu et al. 2024 in Brian2, built once and run on demand, for the benchmark.

Reads pre, post, weight (signed synapses) as .npy from FOLDER. The first DRIVEN neurons get Poisson input of 150 Hz; WEIGHT is mV a
synapse. Prints the seconds of building; then for each number of trials on standard input, the seconds of the simulation
loops alone, their processor time, spikes of the last trial, its active neurons, and the largest resident memory, MiB.
usage: lif.py FOLDER cython|cpp DRIVEN WEIGHT DURATION_MS
"""
import resource
import sys
import time

import numpy as np
from brian2 import (Hz, Network, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, defaultclock, device, mV, ms, prefs,
                    seed, set_device)

folder, target, driven, weight, duration = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:6])
driven = int(driven)
begin = time.perf_counter()
if target == "cpp":
    set_device("cpp_standalone", build_on_run=False)
else:
    prefs.codegen.target = "cython"
defaultclock.dt = 0.1 * ms
load = lambda name: np.load(f"{folder}/{name}.npy")
neurons = int(load("neurons")[0])
equations = """
dv/dt = (v_0 - v + g) / t_mbr : volt (unless refractory)
dg/dt = -g / tau : volt (unless refractory)
rfc : second
"""
constants = dict(v_0=-52 * mV, v_rst=-52 * mV, v_th=-45 * mV, t_mbr=20 * ms, tau=5 * ms)
group = NeuronGroup(neurons, equations, method="linear", threshold="v > v_th", reset="v = v_rst; g = 0 * mV",
                    refractory="rfc", namespace=constants)
group.v = -52 * mV
group.g = 0 * mV
refractory = np.full(neurons, 2.2)
refractory[:driven] = 0
group.rfc = refractory * ms
synapses = Synapses(group, group, "w : volt", on_pre="g += w", delay=1.8 * ms)
synapses.connect(i=load("pre"), j=load("post"))
synapses.w = load("weight") * weight * mV
source = PoissonInput(group[:driven], "v", 1, 150 * Hz, weight=0.275 * 250 * mV)
monitor = SpikeMonitor(group, record=False)
network = Network(group, synapses, source, monitor)
if target == "cpp":
    network.run(duration * ms)
    device.build(directory=f"{folder}/cpp", run=False)
else:
    network.run(0 * ms)
    network.store()
    network.run(1 * ms)  # compiles
say = lambda *items: print(*items, flush=True)
say(time.perf_counter() - begin)
for line in sys.stdin:
    seconds, processor = 0.0, 0.0
    for trial in range(int(line)):
        if target == "cpp":
            device.run()
            seconds += device._last_run_time
            processor = float("nan")
        else:
            network.restore()
            seed(trial + 1)
            start, used = time.perf_counter(), time.process_time()
            network.run(duration * ms)
            seconds += time.perf_counter() - start
            processor += time.process_time() - used
    counts = np.asarray(monitor.count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(seconds, processor, int(counts.sum()), int((counts > 0).sum()), peak)
