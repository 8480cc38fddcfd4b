// Leaky integrate-and-fire network of Shiu et al. 2024 (Nature 634:210), f64: every neuron in every step, the reference of the
// other backends. One step is: update, threshold, deliver, reset, as Brian2 orders them. State is in mV above rest.
import {
  DEAF, DRIVEN, after, anyDeaf, beginTrial, bins, delay, driveMv, endStep, eventOf, flags, head, markOf, n, poissonOf, refractory,
  recordSpikes, ring, rows, scales, send, step, synapses, threshold,
} from './parts/trial';

export { clearSpikes, configure, enterSegment, placeInput, placeNetwork, placeSpikes, spikesKept, spikesTotal } from './parts/trial';

let vs: usize = 0; // f64[n]
let gs: usize = 0; // f64[n]
let frozen: usize = 0; // i32[n]: first step in which the neuron hears again
let decayV: f64 = 0; // of v over a step
let decayG: f64 = 0; // of g
let into: f64 = 0; // of g into v

/** Where the arrays of the exact kernel lie, bytes. */
export function place(vs_: usize, gs_: usize, frozen_: usize, decayV_: f64, decayG_: f64, into_: f64): void {
  vs = vs_; gs = gs_; frozen = frozen_; decayV = decayV_; decayG = decayG_; into = into_;
}

/** Starts a trial: everything at rest. */
export function begin(key0: u32, key1: u32): void {
  memory.fill(vs, 0, (<usize>n + 1 & ~1) * 8);
  memory.fill(gs, 0, (<usize>n + 1 & ~1) * 8);
  memory.fill(frozen, 0, <usize>n * 4);
  beginTrial(key0, key1);
}

/** Runs steps until `until` (exclusive), or until the host must look. Returns the number of steps done so far. */
export function simulate(until: i32): i32 {
  while (step < until) {
    const t = step;
    const before = head;
    update(t);
    recordSpikes(before, t);
    const now = head;
    if (t >= delay) {
      const end = markOf(delay);
      for (let at = markOf(delay + 1); at != end; at = after(at)) deliver(load<u32>(ring + (at << 2)), t);
    }
    for (let at = poissonOf(t); at >= 0; at = load<i32>(bins + 64 + (at << 3), 4)) {
      drive(load<u32>(bins + 64 + (at << 3)), driveMv, t);
    }
    for (let event = eventOf(t); event != 0; event = eventOf(t)) drive(load<u32>(event, 4), load<f64>(event, 8), t);
    for (let at = before; at != now; at = after(at)) {
      const i = load<u32>(ring + (at << 2));
      store<f64>(vs + (<usize>i << 3), 0);
      store<f64>(gs + (<usize>i << 3), 0);
    }
    if (endStep(t)) break;
  }
  return step;
}

/** A refractory neuron has v = g = 0, which the update leaves as it is. The host pads the state with neurons at rest. */
function update(t: i32): void {
  const dv = f64x2.splat(decayV);
  const dg = f64x2.splat(decayG);
  const gv = f64x2.splat(into);
  const limit = f64x2.splat(threshold);
  for (let i = 0; i < n; i += 2) {
    const pv = vs + (<usize>i << 3);
    const pg = gs + (<usize>i << 3);
    const g = v128.load(pg);
    const v = f64x2.add(f64x2.mul(v128.load(pv), dv), f64x2.mul(g, gv));
    v128.store(pv, v);
    v128.store(pg, f64x2.mul(g, dg));
    const above = v128.bitmask<i64>(f64x2.gt(v, limit));
    if (above == 0) continue;
    if (above & 1) fire(i, t);
    if (above & 2) fire(i + 1, t);
  }
}

function fire(i: i32, t: i32): void {
  store<i32>(frozen + (i << 2), t + (load<u8>(flags + i) & DRIVEN ? 1 : refractory));
  send(i);
}

function deliver(source: u32, t: i32): void {
  const scale = load<f64>(scales + (<usize>source << 3));
  if (scale == 0) return;
  let at = synapses + (<usize>load<u32>(rows + (<usize>source << 2)) << 2);
  const end = synapses + (<usize>load<u32>(rows + (<usize>source << 2), 4) << 2);
  for (; at < end; at += 4) {
    const packed = load<u32>(at);
    const target = packed & 0x3ffff;
    if (load<i32>(frozen + (target << 2)) > t) continue;
    if (anyDeaf && load<u8>(flags + target) & DEAF) continue;
    const g = gs + (<usize>target << 3);
    store<f64>(g, load<f64>(g) + <f64>(<i32>packed >> 18) * scale);
  }
}

/** External input straight into v. */
function drive(target: u32, mv: f64, t: i32): void {
  if (load<i32>(frozen + (target << 2)) > t) return;
  const v = vs + (<usize>target << 3);
  store<f64>(v, load<f64>(v) + mv);
}
