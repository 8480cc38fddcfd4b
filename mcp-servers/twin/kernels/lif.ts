// Leaky integrate-and-fire network of Shiu et al. 2024 (Nature 634:210), in AssemblyScript. State is in mV above rest; one step
// is: update, threshold, deliver, reset, as Brian2 orders them. All memory is laid out by the host (kernels/layout in
// src/domain/lif.ts) and may be shared between instances: nothing here allocates.

// Where things lie, set by `place`. rows: u32[n + 1]; synapses: u32, target in 18 bits, signed count in 14.
let n: i32 = 0;
let rows: usize = 0;
let synapses: usize = 0;
let scales: usize = 0; // f64[n]: weight factor of each source neuron's output, mV a synapse
let v: usize = 0;
let g: usize = 0;
let frozen: usize = 0; // i32[n]: first step at which the neuron is active again
let current: usize = 0; // i32[n]: step after which the state holds (lazy mode)
let counts: usize = 0; // u32[n]
let ring: usize = 0; // u32[ringSize]: neurons that spiked in the last `delay` steps
let ringSize: i32 = 0;
let marks: usize = 0; // i32[delay + 1]: where in the ring the spikes of each of these steps end
let hot: usize = 0; // u32[n]: neurons that may reach threshold by themselves
let isHot: usize = 0; // u8[n]
let table: usize = 0; // f64[3 × tableSize]: decay of v, of g, and of g into v, over k steps
let tableSize: i32 = 0;
let spikes: usize = 0; // u32[2 × spikeLimit]: neuron, step
let spikeLimit: i32 = 0;
let inputs: usize = 0; // per driven neuron: u32 neuron, u32 refractory steps, f64 probability a step, f64 weight mV
let inputCount: i32 = 0;
let refractory: usize = 0; // i32[n] steps
let events: usize = 0; // deterministic input, sorted: u32 step, u32 neuron, f64 mV into v
let eventCount: i32 = 0;

let threshold: f64 = 7;
let delay: i32 = 18;
let peak: f64 = 0.15749013123685915;

let step: i32 = 0;
let head: i32 = 0;
let hotCount: i32 = 0;
let spikeCount: i32 = 0;
let total: i32 = 0;
let nextEvent: i32 = 0;
let dense: bool = false;
let s0: u64 = 1;
let s1: u64 = 2;

export function place(
  n_: i32, rows_: usize, synapses_: usize, scales_: usize, v_: usize, g_: usize, frozen_: usize, current_: usize, counts_: usize,
  ring_: usize, ringSize_: i32, marks_: usize, hot_: usize, isHot_: usize, table_: usize, tableSize_: i32, spikes_: usize,
  spikeLimit_: i32, inputs_: usize, inputCount_: i32, refractory_: usize, events_: usize, eventCount_: i32,
): void {
  n = n_; rows = rows_; synapses = synapses_; scales = scales_; v = v_; g = g_; frozen = frozen_; current = current_;
  counts = counts_; ring = ring_; ringSize = ringSize_; marks = marks_; hot = hot_; isHot = isHot_; table = table_;
  tableSize = tableSize_; spikes = spikes_; spikeLimit = spikeLimit_; inputs = inputs_; inputCount = inputCount_;
  refractory = refractory_; events = events_; eventCount = eventCount_;
}

export function configure(threshold_: f64, delay_: i32, peak_: f64): void {
  threshold = threshold_; delay = delay_; peak = peak_;
}

/** Starts a trial: everything at rest, the random stream at its seed. */
export function begin(seedLow: u64, seedHigh: u64, wide: bool, startDense: bool): void {
  const size = wide ? 8 : 4;
  memory.fill(v, 0, n * size);
  memory.fill(g, 0, n * size);
  memory.fill(frozen, 0, n * 4);
  memory.fill(current, 0, n * 4);
  memory.fill(counts, 0, n * 4);
  memory.fill(isHot, 0, n);
  memory.fill(marks, 0, (delay + 1) * 4);
  step = 0; head = 0; hotCount = 0; spikeCount = 0; total = 0; nextEvent = 0;
  dense = startDense;
  s0 = seedLow | 1; s1 = seedHigh;
  for (let i = 0; i < 20; i++) uniform();
}

export function spikesKept(): i32 { return spikeCount; }
export function spikesTotal(): i32 { return total; }
export function clearSpikes(): void { spikeCount = 0; }
export function stepsDone(): i32 { return step; }
export function isDense(): bool { return dense; }

/** xoroshiro128+ (Blackman & Vigna 2018); uniform on [0, 1). */
function uniform(): f64 {
  const a = s0;
  let b = s1;
  const result = a + b;
  b ^= a;
  s0 = rotl(a, 24) ^ b ^ (b << 16);
  s1 = rotl(b, 37);
  return f64(result >> 11) * (1.0 / 9007199254740992.0);
}

function setHot(i: i32): void {
  if (load<u8>(isHot + i)) return;
  store<u8>(isHot + i, 1);
  store<u32>(hot + (hotCount << 2), i);
  hotCount++;
}

/** Brings a neuron's state to the end of the update of step t, over the steps that it was not frozen. */
// @ts-ignore: decorator
@inline
function advance<T>(i: i32, t: i32): void {
  const from = max(load<i32>(current + (i << 2)), load<i32>(frozen + (i << 2)) - 1);
  store<i32>(current + (i << 2), t);
  const k = t - from;
  if (k <= 0) return;
  const pv = v + i * sizeof<T>();
  const pg = g + i * sizeof<T>();
  const g0 = load<T>(pg);
  const v0 = load<T>(pv);
  if (g0 == 0 && v0 == 0) return;
  if (k >= tableSize) {
    store<T>(pv, 0);
    store<T>(pg, 0);
    return;
  }
  const entry = table + k * 24;
  store<T>(pv, <T>(<f64>v0 * load<f64>(entry) + <f64>g0 * load<f64>(entry, 16)));
  store<T>(pg, <T>(<f64>g0 * load<f64>(entry, 8)));
}

function spike(i: i32, t: i32): void {
  store<u32>(ring + (head << 2), i);
  head = head + 1 == ringSize ? 0 : head + 1;
  store<u32>(counts + (i << 2), load<u32>(counts + (i << 2)) + 1);
  store<i32>(frozen + (i << 2), t + max(1, load<i32>(refractory + (i << 2))));
  total++;
  if (spikeCount < spikeLimit) {
    store<u32>(spikes + (spikeCount << 3), i);
    store<u32>(spikes + (spikeCount << 3), t, 4);
    spikeCount++;
  }
}

/** Runs steps until `until` (exclusive), or until the spike buffer is full. Returns the number of steps done so far. */
function simulate<T>(until: i32, exact: bool): i32 {
  const slots = delay + 1;
  while (step < until) {
    const t = step;
    const before = head;
    if (dense) updateAll<T>(t);
    else updateHot<T>(t);
    const after = head;

    // Deliver what was sent `delay` steps ago: the ring between the marks of that step.
    const slot = t % slots;
    const oldest = (t + 1) % slots; // step t − delay
    let at = load<i32>(marks + (((t + slots - delay - 1) % slots) << 2));
    const end = load<i32>(marks + (oldest << 2));
    if (t >= delay) {
      if (t == delay) at = 0;
      while (at != end) {
        deliver<T>(load<u32>(ring + (at << 2)), t);
        at = at + 1 == ringSize ? 0 : at + 1;
      }
    }
    store<i32>(marks + (slot << 2), after);

    for (let k = 0; k < inputCount; k++) {
      const input = inputs + k * 24;
      if (uniform() < load<f64>(input, 8)) drive<T>(load<u32>(input), load<f64>(input, 16), t);
    }
    while (nextEvent < eventCount && load<u32>(events + nextEvent * 16) == <u32>t) {
      drive<T>(load<u32>(events + nextEvent * 16, 4), load<f64>(events + nextEvent * 16, 8), t);
      nextEvent++;
    }

    // Reset who spiked in this step.
    let k = before;
    while (k != after) {
      const i = load<u32>(ring + (k << 2));
      store<T>(v + i * sizeof<T>(), 0);
      store<T>(g + i * sizeof<T>(), 0);
      k = k + 1 == ringSize ? 0 : k + 1;
    }
    step++;
    if (!exact) chooseMode<T>(t);
    if (spikeLimit > 0 && spikeCount > spikeLimit - n) break;
  }
  return step;
}

export function simulate32(until: i32): i32 { return simulate<f32>(until, false); }
export function simulate64(until: i32): i32 { return simulate<f64>(until, true); }

/** Stepping everybody is cheaper than keeping track once many are near threshold. */
function chooseMode<T>(t: i32): void {
  if (dense) {
    if (t % 50 != 0) return;
    hotCount = 0;
    memory.fill(isHot, 0, n);
    let busy = 0;
    for (let i = 0; i < n; i++) {
      const level = <f64>max<T>(load<T>(v + i * sizeof<T>()), 0) + peak * <f64>max<T>(load<T>(g + i * sizeof<T>()), 0);
      if (level >= threshold) busy++;
    }
    if (busy > n / 24) return;
    dense = false;
    for (let i = 0; i < n; i++) {
      store<i32>(current + (i << 2), t);
      const level = <f64>max<T>(load<T>(v + i * sizeof<T>()), 0) + peak * <f64>max<T>(load<T>(g + i * sizeof<T>()), 0);
      if (level >= threshold) setHot(i);
    }
  } else if (hotCount > n / 12) {
    for (let i = 0; i < n; i++) advance<T>(i, t);
    dense = true;
  }
}

function updateAll<T>(t: i32): void {
  const dv = load<f64>(table, 24);
  const dg = load<f64>(table, 32);
  const into = load<f64>(table, 40);
  for (let i = 0; i < n; i++) {
    if (load<i32>(frozen + (i << 2)) > t) continue;
    const pv = v + i * sizeof<T>();
    const pg = g + i * sizeof<T>();
    const g0 = load<T>(pg);
    const next = <T>(<f64>load<T>(pv) * dv + <f64>g0 * into);
    store<T>(pv, next);
    store<T>(pg, <T>(<f64>g0 * dg));
    if (<f64>next > threshold) spike(i, t);
  }
}

function updateHot<T>(t: i32): void {
  let kept = 0;
  const all = hotCount;
  for (let k = 0; k < all; k++) {
    const i = load<u32>(hot + (k << 2));
    if (load<i32>(frozen + (i << 2)) <= t) {
      advance<T>(i, t);
      const v0 = <f64>load<T>(v + i * sizeof<T>());
      if (v0 > threshold) {
        spike(i, t);
        store<u8>(isHot + i, 0);
        continue;
      }
      if (max(v0, 0) + peak * max(<f64>load<T>(g + i * sizeof<T>()), 0) < threshold) {
        store<u8>(isHot + i, 0);
        continue;
      }
    }
    store<u32>(hot + (kept << 2), i);
    kept++;
  }
  hotCount = kept;
}

function deliver<T>(source: u32, t: i32): void {
  const scale = load<f64>(scales + (source << 3));
  if (scale == 0) return;
  let at = synapses + (<usize>load<u32>(rows + (source << 2)) << 2);
  const end = synapses + (<usize>load<u32>(rows + (source << 2), 4) << 2);
  for (; at < end; at += 4) {
    const packed = load<u32>(at);
    const target = packed & 0x3ffff;
    if (load<i32>(frozen + (target << 2)) > t) continue;
    if (!dense) advance<T>(target, t);
    const pg = g + target * sizeof<T>();
    const next = <T>(<f64>load<T>(pg) + <f64>(<i32>packed >> 18) * scale);
    store<T>(pg, next);
    if (!dense && next > 0 && <f64>max<T>(load<T>(v + target * sizeof<T>()), 0) + peak * <f64>next >= threshold) setHot(target);
  }
}

/** External input straight into v. */
function drive<T>(target: u32, weight: f64, t: i32): void {
  if (load<i32>(frozen + (target << 2)) > t) return;
  if (!dense) advance<T>(target, t);
  const pv = v + target * sizeof<T>();
  store<T>(pv, <T>(<f64>load<T>(pv) + weight));
  if (!dense) setHot(target);
}
