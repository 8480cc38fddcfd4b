// Leaky integrate-and-fire network of Shiu et al. 2024 (Nature 634:210), f32, all trials at once.
//
// A spike arrives `delay` steps after it was sent, so within so many steps no neuron hears of another: `integrate` takes each
// neuron of each trial through a whole window of at most `delay` steps in registers, and `deliver` then scatters the window's
// spikes into the sums that later windows read. Sums are whole numbers and atomic: their order does not matter.

struct Window {
  start: u32, // first step
  steps: u32,
  neurons: u32,
  trials: u32,
  delay: u32,
  refractory: u32,
  firstTrial: u32, // of this batch, among the seeds
  keep: u32, // 1: the list of spikes grows from window to window
  decayV: f32,
  decayG: f32,
  into: f32, // of g into v
  threshold: f32,
  unitMv: f32, // of the sums
  driveMv: f32,
  units: f32, // of a synapse of unscaled weight
}

struct Cell {
  v: f32,
  g: f32,
  frozen: u32, // first step in which the neuron hears again
  spikes: u32,
}

struct Source {
  neuron: u32,
  stream: u32,
  greatest: u32, // random number that is a spike
  unused: u32,
}

struct Event {
  neuron: u32,
  step: u32,
  mv: f32,
  unused: u32,
}

struct SpikeList {
  start: u32, // of this window
  end: atomic<u32>,
  entries: array<vec2u>, // trial · neurons + neuron, step
}

const DRIVEN = 1u; // no refractory period
const DEAF = 2u;

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var<storage, read_write> cells: array<Cell>; // [trial × neuron]
@group(0) @binding(2) var<storage, read_write> sums: array<i32>; // [step mod delay × trial × neuron]
@group(0) @binding(3) var<storage, read> flags: array<u32>; // low 2 bits; above, 1 + first source, 0 without
@group(0) @binding(4) var<storage, read> sources: array<Source>; // ascending by neuron
@group(0) @binding(5) var<storage, read> events: array<Event>; // ascending by neuron, then step
@group(0) @binding(6) var<storage, read_write> list: SpikeList;
@group(0) @binding(7) var<storage, read> seeds: array<vec2u>; // [trial]

fn high(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let low = al * bl;
  let mid = ah * bl + (low >> 16u);
  let mid2 = al * bh + (mid & 0xffffu);
  return ah * bh + (mid >> 16u) + (mid2 >> 16u);
}

/** Philox4x32 with 7 rounds (Salmon et al. 2011, SC'11), as in parts/poisson.ts. */
fn philox(counter: vec4u, seed: vec2u) -> vec4u {
  var c = counter;
  var key = seed;
  for (var round = 0; round < 7; round++) {
    c = vec4u(
      high(0xcd9e8d57u, c.z) ^ c.y ^ key.x,
      0xcd9e8d57u * c.z,
      high(0xd2511f53u, c.x) ^ c.w ^ key.y,
      0xd2511f53u * c.x,
    );
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

/** Does any source of this neuron, from `first` on, spike in this step, and how many do? */
fn poisson(first: u32, neuron: u32, step: u32, seed: vec2u) -> f32 {
  var spikes = 0.0;
  for (var k = first; k < arrayLength(&sources) && sources[k].neuron == neuron; k++) {
    let words = philox(vec4u(step >> 2u, neuron, sources[k].stream, 0u), seed);
    spikes += select(0.0, 1.0, words[step & 3u] <= sources[k].greatest);
  }
  return spikes;
}

/** First event of this neuron at or after a step. */
fn firstEvent(neuron: u32, step: u32) -> u32 {
  var low = 0u;
  var high = arrayLength(&events);
  while (low < high) {
    let middle = (low + high) / 2u;
    let event = events[middle];
    if (event.neuron < neuron || (event.neuron == neuron && event.step < step)) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

@compute @workgroup_size(64)
fn integrate(@builtin(global_invocation_id) id: vec3u) {
  let neuron = id.x;
  let trial = id.y;
  if (neuron >= window.neurons) {
    return;
  }
  let at = trial * window.neurons + neuron;
  let flag = flags[neuron];
  let source = flag >> 2u;
  let deaf = (flag & DEAF) != 0u;
  let refractory = select(window.refractory, 1u, (flag & DRIVEN) != 0u);
  let seed = seeds[window.firstTrial + trial];
  var cell = cells[at];
  var event = firstEvent(neuron, window.start);
  for (var k = 0u; k < window.steps; k++) {
    let step = window.start + k;
    cell.v = cell.v * window.decayV + cell.g * window.into;
    cell.g = cell.g * window.decayG;
    let fires = cell.v > window.threshold;
    if (fires) {
      cell.frozen = step + refractory;
      cell.spikes++;
      list.entries[atomicAdd(&list.end, 1u)] = vec2u(at, step);
    }
    let sum = (step % window.delay) * window.trials * window.neurons + at;
    let hears = step >= cell.frozen && !deaf;
    if (sums[sum] != 0) {
      if (hears) {
        cell.g += f32(sums[sum]) * window.unitMv;
      }
      sums[sum] = 0;
    }
    if (source > 0u && hears) {
      cell.v += poisson(source - 1u, neuron, step, seed) * window.driveMv;
    }
    while (event < arrayLength(&events) && events[event].neuron == neuron && events[event].step == step) {
      if (hears) {
        cell.v += events[event].mv;
      }
      event++;
    }
    if (fires) {
      cell.v = 0.0;
      cell.g = 0.0;
    }
  }
  cells[at] = cell;
}

struct Range {
  first: u32,
  count: u32,
}

@group(0) @binding(8) var<storage, read_write> range: Range;
@group(0) @binding(9) var<storage, read_write> workgroups: array<u32, 3>; // of deliver

const mostWorkgroups = 65535u; // in one dimension

@compute @workgroup_size(1)
fn prepare() {
  let end = atomicLoad(&list.end);
  range.first = list.start;
  range.count = end - list.start;
  workgroups[0] = min(range.count, mostWorkgroups);
  workgroups[1] = (range.count + mostWorkgroups - 1u) / mostWorkgroups;
  workgroups[2] = 1u;
  if (window.keep == 0u) {
    atomicStore(&list.end, 0u);
  } else {
    list.start = end;
  }
}

@group(0) @binding(10) var<storage, read_write> arriving: array<atomic<i32>>; // the sums
@group(0) @binding(11) var<storage, read> rows: array<u32>; // [neuron + 1]
@group(0) @binding(12) var<storage, read> synapses: array<u32>; // target in 18 bits, signed count in 14
@group(0) @binding(13) var<storage, read> scales: array<f32>; // [neuron], when the spike arrives
@group(0) @binding(14) var<storage, read> sent: array<vec2u>; // the list, past its header of one entry
@group(0) @binding(15) var<storage, read> toDeliver: Range;

@compute @workgroup_size(64)
fn deliver(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k = group.y * mostWorkgroups + group.x;
  if (k >= toDeliver.count) {
    return;
  }
  let spike = sent[1u + toDeliver.first + k];
  let trial = spike.x / window.neurons;
  let neuron = spike.x % window.neurons;
  let scale = scales[neuron] * window.units;
  if (scale == 0.0) {
    return;
  }
  let base = ((spike.y % window.delay) * window.trials + trial) * window.neurons;
  for (var s = rows[neuron] + lane; s < rows[neuron + 1u]; s += 64u) {
    let count = i32(synapses[s]) >> 18u;
    atomicAdd(&arriving[base + (synapses[s] & 0x3ffffu)], i32(round(f32(count) * scale)));
  }
}
