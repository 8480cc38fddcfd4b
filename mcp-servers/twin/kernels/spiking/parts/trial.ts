// What both kernels share: where things lie, the spikes of a trial, and its input. All memory is laid out by the host
// (src/engines/layout.ts) and is shared between the instances of all threads: the network is read only, everything else
// belongs to one instance. Nothing here allocates.
import { drawBlock } from './poisson';

export let n: i32 = 0;
export let rows: usize = 0; // u32[n + 1]
export let synapses: usize = 0; // u32: target in 18 bits, signed count in 14
export let scales: usize = 0; // f64[n]: mV a synapse of what each neuron sends
export let flags: usize = 0; // u8[n], see below
export let counts: usize = 0; // u32[n]
export let ring: usize = 0; // u32[ringSize]: neurons that spiked in the last `slots` steps
export let ringSize: i32 = 0;
export let marks: usize = 0; // i32[slots]: where in the ring the spikes of each of these steps end
export let slots: i32 = 0;
export let spikes: usize = 0; // u32[2 × spikeLimit]: neuron, step
export let spikeLimit: i32 = 0;
export let events: usize = 0; // sorted: u32 step, u32 neuron, f64 mV into v
export let eventCount: i32 = 0;
export let sources: usize = 0; // Poisson: u32 neuron, u32 stream, u32 greatest number that is a spike, u32 unused
export let sourceCount: i32 = 0;
export let bins: usize = 0; // i32[16]: first entry of each step of a block, −1 without; then entries: i32 neuron, i32 next
export let control: usize = 0; // i32: not zero to stop; i32: steps done

export let threshold: f64 = 0;
export let delay: i32 = 0;
export let refractory: i32 = 0;
export let driveMv: f64 = 0;

export const HOT: u8 = 1; // may reach threshold by itself
export const DRIVEN: u8 = 2; // has no refractory period
export const DEAF: u8 = 4; // receives nothing

export let step: i32 = 0;
export let head: i32 = 0;
export let spikeCount: i32 = 0;
export let total: i32 = 0;
export let anyDeaf: bool = false;
let slot: i32 = 0; // of the present step among the marks
let nextEvent: i32 = 0;
let block: i32 = -1;
let key0: u32 = 0;
let key1: u32 = 0;

/** Where the network of n neurons lies, bytes. */
export function placeNetwork(n_: i32, rows_: usize, synapses_: usize, scales_: usize, flags_: usize, control_: usize): void {
  n = n_; rows = rows_; synapses = synapses_; scales = scales_; flags = flags_; control = control_;
}

/** Where spikes are counted, held until they arrive, and kept: at most spikeLimit of them. */
export function placeSpikes(
  counts_: usize, ring_: usize, ringSize_: i32, marks_: usize, slots_: i32, spikes_: usize, spikeLimit_: i32,
): void {
  counts = counts_; ring = ring_; ringSize = ringSize_; marks = marks_; slots = slots_; spikes = spikes_;
  spikeLimit = spikeLimit_;
}

/** Where timed events and Poisson sources lie, bytes. */
export function placeInput(events_: usize, eventCount_: i32, sources_: usize, bins_: usize): void {
  events = events_; eventCount = eventCount_; sources = sources_; bins = bins_;
}

/** Threshold and drive in mV, delay and refractory time in steps. */
export function configure(threshold_: f64, delay_: i32, refractory_: i32, driveMv_: f64): void {
  threshold = threshold_; delay = delay_; refractory = refractory_; driveMv = driveMv_;
}

/** A new stretch of the trial, with other sources or deaf neurons. */
export function enterSegment(sourceCount_: i32, anyDeaf_: bool): void {
  sourceCount = sourceCount_; anyDeaf = anyDeaf_;
  block = -1;
}

/** Begins a trial whose random stream has this key. */
export function beginTrial(key0_: u32, key1_: u32): void {
  memory.fill(counts, 0, n * 4);
  memory.fill(marks, 0, slots * 4);
  step = 0; slot = 0; head = 0; spikeCount = 0; total = 0; nextEvent = 0; block = -1;
  key0 = key0_; key1 = key1_;
}

/** Spikes that are kept in memory. */
export function spikesKept(): i32 { return spikeCount; }
/** Spikes of the trial, kept or not. */
export function spikesTotal(): i32 { return total; }
/** Makes room: the kept spikes have been read. */
export function clearSpikes(): void { spikeCount = 0; }

/** Neuron i spikes in this step. */
export function send(i: i32): void {
  store<u32>(ring + (head << 2), i);
  head = after(head);
}

/** Puts the spikes of this step, from `start` in the ring, in ascending order of neurons: sums and files depend on the order. */
export function sortSpikes(start: i32): void {
  for (let end = start; end != head; end = after(end)) {
    const i = load<u32>(ring + (end << 2));
    let at = end;
    while (at != start) {
      const below = at == 0 ? ringSize - 1 : at - 1;
      const other = load<u32>(ring + (below << 2));
      if (other <= i) break;
      store<u32>(ring + (at << 2), other);
      at = below;
    }
    store<u32>(ring + (at << 2), i);
  }
}

/** Counts and keeps the spikes of step t, from `start` in the ring. */
export function recordSpikes(start: i32, t: i32): void {
  for (let at = start; at != head; at = after(at)) {
    const i = load<u32>(ring + (at << 2));
    store<u32>(counts + (i << 2), load<u32>(counts + (i << 2)) + 1);
    total++;
    if (spikeCount < spikeLimit) {
      store<u32>(spikes + (spikeCount << 3), i);
      store<u32>(spikes + (spikeCount << 3), t, 4);
      spikeCount++;
    }
  }
}

/** Where in the ring the spikes of that many steps ago end; they begin where those of the step before end. */
// @ts-ignore: decorator
@inline
/** Where the spikes of `ago` steps before now begin in the ring. */
export function markOf(ago: i32): i32 {
  const at = slot - ago;
  return load<i32>(marks + ((at < 0 ? at + slots : at) << 2));
}

// @ts-ignore: decorator
@inline
/** The place in the ring after this one. */
export function after(at: i32): i32 { return at + 1 == ringSize ? 0 : at + 1; }

/** First entry of the Poisson input of step t, −1 without. */
export function poissonOf(t: i32): i32 {
  if (sourceCount == 0) return -1;
  if (t >> 4 != block) {
    block = t >> 4;
    drawBlock(sources, sourceCount, bins, block, key0, key1);
  }
  return load<i32>(bins + ((t & 15) << 2));
}

/** The next deterministic event of step t as its address, 0 without. */
export function eventOf(t: i32): usize {
  if (nextEvent >= eventCount) return 0;
  const event = events + (nextEvent << 4);
  if (load<u32>(event) != <u32>t) return 0;
  nextEvent++;
  return event;
}

/** Ends step t. True when the host must look: told to stop, or the spike buffer may not hold another step. */
export function endStep(t: i32): bool {
  store<i32>(marks + (slot << 2), head);
  slot = slot + 1 == slots ? 0 : slot + 1;
  step = t + 1;
  atomic.store<i32>(control + 4, step);
  return atomic.load<i32>(control) != 0 || (spikeLimit > 0 && spikeCount > spikeLimit - n);
}
