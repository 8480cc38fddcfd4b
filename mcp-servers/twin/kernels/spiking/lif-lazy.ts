// Leaky integrate-and-fire network of Shiu et al. 2024 (Nature 634:210), f32: only what changes is touched. One step is: update,
// threshold, deliver, reset, as Brian2 orders them.
//
// v' = (g − v)/τm and g' = −g/τs have the solution v = a + c g with a' = −a/τm and c = τs/(τs − τm), v in mV above rest. A neuron
// is stored as a e^(t/τm) and g e^(t/τs), which stay as they are until an input arrives: nothing decays in memory, and whoever
// reads multiplies by the two decays of the step, counted from a base that moves on before they overflow. A refractory neuron is
// NaN: input is lost on it and no comparison holds, without being asked for.
import {
  DEAF, DRIVEN, HOT, after, anyDeaf, beginTrial, bins, delay, driveMv, endStep, eventOf, flags, head, markOf, n, poissonOf,
  recordSpikes, refractory, ring, rows, scales, send, sortSpikes, step, synapses, threshold,
} from './parts/trial';

export { clearSpikes, configure, enterSegment, placeInput, placeNetwork, placeSpikes, spikesKept, spikesTotal } from './parts/trial';

let state: usize = 0; // f32[2 × n]
let hot: usize = 0; // u32[n]: neurons that may reach threshold by themselves
let hotCount: i32 = 0;
let table: usize = 0; // f64[4 × (tableSize + 1)]: decay of a and of g over k steps, and their inverses
let tableSize: i32 = 0;
let floors: usize = 0; // f32[cells]: least v from which a neuron with a g of this cell can reach threshold
let cells: i32 = 0;
let coupling: f64 = 0; // c
let firstFloor: f32 = 0; // mV: g of the first cell
let firstA: f32 = 0; // mV: least a that reaches threshold at any g
let cellsPerMv: f32 = 0;
let base: i32 = 0;
let dense: bool = false;

// Of the present step.
let decayA: f32 = 0;
let decayG: f32 = 0; // of g into g
let decayC: f32 = 0; // of g into v
let growA: f64 = 0;
let growG: f64 = 0;
// Below these no stored a, and no stored g, reaches threshold without input.
let leastA: f32 = 0;
let leastG: f32 = 0;

/** Where the arrays of the lazy kernel lie, bytes. */
export function place(
  state_: usize, hot_: usize, table_: usize, tableSize_: i32, floors_: usize, cells_: i32, coupling_: f64, firstFloor_: f32,
  firstA_: f32, cellsPerMv_: f32,
): void {
  state = state_; hot = hot_; table = table_; tableSize = tableSize_; floors = floors_; cells = cells_; coupling = coupling_;
  firstFloor = firstFloor_; firstA = firstA_; cellsPerMv = cellsPerMv_;
}

/** Starts a trial: everything at rest. */
export function begin(key0: u32, key1: u32): void {
  memory.fill(state, 0, (<usize>n + 7 & ~7) * 8);
  forgetHot();
  base = 0; dense = false;
  beginTrial(key0, key1);
}

// @ts-ignore: decorator
@inline
function stateOf(i: u32): usize { return state + (<usize>i << 3); }

function setHot(i: u32): void {
  const flag = load<u8>(flags + i);
  if (dense || flag & HOT) return;
  store<u8>(flags + i, flag | HOT);
  store<u32>(hot + (hotCount << 2), i);
  hotCount++;
}

function forgetHot(): void {
  for (let k = 0; k < hotCount; k++) {
    const i = load<u32>(hot + (k << 2));
    store<u8>(flags + i, load<u8>(flags + i) & ~HOT);
  }
  hotCount = 0;
}

/** Can a neuron with this stored g, at least leastG, and this v reach threshold without input? */
// @ts-ignore: decorator
@inline
function mayFire(storedG: f32, v: f32): bool {
  const cell = <i32>min<f32>((storedG * decayG - firstFloor) * cellsPerMv, <f32>(cells - 1));
  return v >= load<f32>(floors + (max(cell, 0) << 2));
}

/** Runs steps until `until` (exclusive), or until the host must look. Returns the number of steps done so far. */
export function simulate(until: i32): i32 {
  while (step < until) {
    const t = step;
    if (t - base == tableSize) rebase(t);
    const entry = table + ((t - base) << 5);
    decayA = <f32>load<f64>(entry);
    decayG = <f32>load<f64>(entry, 8);
    decayC = <f32>(coupling * load<f64>(entry, 8));
    growA = load<f64>(entry, 16);
    growG = load<f64>(entry, 24);
    leastG = dense ? <f32>Infinity : <f32>(<f64>firstFloor * growG);
    leastA = <f32>(<f64>firstA * growA);

    const before = head;
    if (dense) findInAll();
    else {
      findInHot();
      sortSpikes(before);
    }
    recordSpikes(before, t);
    const now = head;

    // Whoever spiked `refractory` steps ago hears again.
    if (refractory > 1 && t >= refractory) {
      const end = markOf(refractory);
      for (let at = markOf(refractory + 1); at != end; at = after(at)) {
        const i = load<u32>(ring + (at << 2));
        if (!(load<u8>(flags + i) & DRIVEN)) store<u64>(stateOf(i), 0);
      }
    }
    if (t >= delay) {
      const end = markOf(delay);
      for (let at = markOf(delay + 1); at != end; at = after(at)) deliver(load<u32>(ring + (at << 2)));
    }
    for (let at = poissonOf(t); at >= 0; at = load<i32>(bins + 64 + (at << 3), 4)) drive(load<u32>(bins + 64 + (at << 3)), driveMv);
    for (let event = eventOf(t); event != 0; event = eventOf(t)) drive(load<u32>(event, 4), load<f64>(event, 8));
    for (let at = before; at != now; at = after(at)) {
      const i = load<u32>(ring + (at << 2));
      if (refractory == 1 || load<u8>(flags + i) & DRIVEN) store<u64>(stateOf(i), 0);
    }
    const stop = endStep(t);
    chooseMode(t);
    if (stop) break;
  }
  return step;
}

/** Moves the base to step t, before the stored numbers grow out of range. What has decayed to nothing becomes 0. */
function rebase(t: i32): void {
  const entry = table + (tableSize << 5);
  const a = <f32>load<f64>(entry);
  const g = <f32>load<f64>(entry, 8);
  const decay = f32x4(a, g, a, g);
  const least = f32x4.splat(1e-20);
  const end = state + (<usize>n << 3);
  for (let at = state; at < end; at += 16) {
    const next = f32x4.mul(v128.load(at), decay);
    v128.store(at, v128.andnot(next, f32x4.lt(f32x4.abs(next), least)));
  }
  base = t;
}

// @ts-ignore: decorator
@inline
function fire(i: u32): void {
  store<f32>(stateOf(i), NaN);
  store<f32>(stateOf(i), NaN, 4);
  send(i);
}

function findInHot(): void {
  const limit = <f32>threshold;
  let kept = 0;
  for (let k = 0; k < hotCount; k++) {
    const i = load<u32>(hot + (k << 2));
    const at = stateOf(i);
    const g = load<f32>(at, 4);
    const v = load<f32>(at) * decayA + g * decayC;
    if (v > limit) fire(i);
    else if (g >= leastG && mayFire(g, v)) {
      store<u32>(hot + (kept << 2), i);
      kept++;
      continue;
    }
    store<u8>(flags + i, load<u8>(flags + i) & ~HOT);
  }
  hotCount = kept;
}

/** Looks at everybody: reads only, four neurons at once. The host pads the state with neurons at rest. */
function findInAll(): void {
  const decay = f32x4(decayA, decayC, decayA, decayC);
  const limit = f32x4.splat(<f32>threshold);
  const end = state + (<usize>n << 3);
  for (let at = state; at < end; at += 64) {
    const v0 = f32x4.mul(v128.load(at), decay);
    const v1 = f32x4.mul(v128.load(at, 16), decay);
    const v2 = f32x4.mul(v128.load(at, 32), decay);
    const v3 = f32x4.mul(v128.load(at, 48), decay);
    const first = f32x4.add(v128.shuffle<u32>(v0, v1, 0, 2, 4, 6), v128.shuffle<u32>(v0, v1, 1, 3, 5, 7));
    const second = f32x4.add(v128.shuffle<u32>(v2, v3, 0, 2, 4, 6), v128.shuffle<u32>(v2, v3, 1, 3, 5, 7));
    const above = f32x4.gt(first, limit);
    const above2 = f32x4.gt(second, limit);
    if (!v128.any_true(v128.or(above, above2))) continue;
    let mask = v128.bitmask<i32>(above) | (v128.bitmask<i32>(above2) << 4);
    while (mask != 0) {
      fire(<u32>((at - state) >> 3) + ctz(mask));
      mask &= mask - 1;
    }
  }
}

function deliver(source: u32): void {
  const scale = load<f64>(scales + (<usize>source << 3));
  if (scale == 0) return;
  const ontoA = <f32>(-coupling * scale * growA);
  const ontoG = <f32>(scale * growG);
  const least = leastG;
  const lowest = leastA;
  const all = state;
  let at = synapses + (<usize>load<u32>(rows + (<usize>source << 2)) << 2);
  const end = synapses + (<usize>load<u32>(rows + (<usize>source << 2), 4) << 2);
  if (!anyDeaf) {
    // Four at once; one after the other where it matters, since a row may name a target twice.
    const onto = f32x4(ontoA, ontoG, 0, 0);
    for (; at + 16 <= end; at += 16) {
      const four = v128.load(at);
      const counts = f32x4.convert_i32x4_s(i32x4.shr_s(four, 18));
      const places = i32x4.add(i32x4.splat(<i32>all), i32x4.shl(v128.and(four, i32x4.splat(0x3ffff)), 3));
      const s0 = reach(<usize>i32x4.extract_lane(places, 0), f32x4.mul(v128.shuffle<u32>(counts, counts, 0, 0, 0, 0), onto));
      const s1 = reach(<usize>i32x4.extract_lane(places, 1), f32x4.mul(v128.shuffle<u32>(counts, counts, 1, 1, 1, 1), onto));
      const s2 = reach(<usize>i32x4.extract_lane(places, 2), f32x4.mul(v128.shuffle<u32>(counts, counts, 2, 2, 2, 2), onto));
      const s3 = reach(<usize>i32x4.extract_lane(places, 3), f32x4.mul(v128.shuffle<u32>(counts, counts, 3, 3, 3, 3), onto));
      const first = v128.shuffle<u32>(s0, s1, 0, 4, 1, 5); // a, a, g, g
      const second = v128.shuffle<u32>(s2, s3, 0, 4, 1, 5);
      const enoughA = f32x4.ge(v128.shuffle<u64>(first, second, 0, 2), f32x4.splat(lowest));
      const enoughG = f32x4.ge(v128.shuffle<u64>(first, second, 1, 3), f32x4.splat(least));
      for (let mask = v128.bitmask<i32>(v128.and(enoughA, enoughG)); mask != 0; mask &= mask - 1) {
        watch(load<u32>(at + (ctz(mask) << 2)) & 0x3ffff);
      }
    }
  }
  for (; at < end; at += 4) {
    const packed = load<u32>(at);
    const target = packed & 0x3ffff;
    if (anyDeaf && load<u8>(flags + target) & DEAF) continue;
    const count = <f32>(<i32>packed >> 18);
    const now = reach(all + (<usize>target << 3), f32x4(count * ontoA, count * ontoG, 0, 0));
    if (f32x4.extract_lane(now, 1) >= least && f32x4.extract_lane(now, 0) >= lowest) watch(target);
  }
}

/** Adds to the a and g that are stored there. Returns them, in the low lanes. */
// @ts-ignore: decorator
@inline
function reach(place: usize, change: v128): v128 {
  const next = f32x4.add(v128.load64_zero(place), change);
  v128.store64_lane(place, next, 0);
  return next;
}

/** Keeps an eye on a neuron from now on, if it may fire. */
function watch(target: u32): void {
  const at = stateOf(target);
  const g = load<f32>(at, 4);
  if (g >= leastG && mayFire(g, load<f32>(at) * decayA + g * decayC)) setHot(target);
}

/** External input straight into v. */
function drive(target: u32, mv: f64): void {
  const at = stateOf(target);
  store<f32>(at, load<f32>(at) + <f32>(mv * growA));
  setHot(target);
}

/** Looking at everybody is cheaper than keeping a list once many are near threshold. */
function chooseMode(t: i32): void {
  if (dense) {
    if (t % 64 != 0) return;
    const least = firstFloor / decayG;
    let busy = 0;
    for (let i = 0; i < n; i++) busy += i32(load<f32>(stateOf(i), 4) >= least && mayFire(load<f32>(stateOf(i), 4), potential(i)));
    if (busy > n / 32) return;
    dense = false;
    for (let i = 0; i < n; i++) {
      const v = potential(i);
      if (v > <f32>threshold || (load<f32>(stateOf(i), 4) >= least && mayFire(load<f32>(stateOf(i), 4), v))) setHot(i);
    }
  } else if (hotCount > n / 16) {
    forgetHot();
    dense = true;
  }
}

// @ts-ignore: decorator
@inline
function potential(i: i32): f32 { return load<f32>(stateOf(i)) * decayA + load<f32>(stateOf(i), 4) * decayC; }
