// Counter-based random numbers: Philox4x32 with 7 rounds (Salmon et al. 2011, SC'11, doi 10.1145/2063384.2063405), the fewest
// that pass BigCrush. A draw depends on seed, neuron, stream and step alone, so it is the same in every order, thread and
// backend. Word w of counter (step >> 2, neuron, stream, 0) under the key (seed) belongs to step 4 (step >> 2) + w.

// @ts-ignore: decorator
@inline
function highOf(a: v128, b: v128): v128 { return v128.shuffle<u32>(a, b, 1, 3, 5, 7); }

// @ts-ignore: decorator
@inline
function lowOf(a: v128, b: v128): v128 { return v128.shuffle<u32>(a, b, 0, 2, 4, 6); }

/** Fills the bins of the 16 steps of a block with the sources that spike in them. */
export function drawBlock(sources: usize, sourceCount: i32, bins: usize, block: i32, key0: u32, key1: u32): void {
  memory.fill(bins, 0xff, 64);
  const entries = bins + 64;
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  const first = i32x4.add(i32x4.splat(block << 2), i32x4(0, 1, 2, 3));
  let entry: i32 = 0;
  for (let s = 0; s < sourceCount; s++) {
    const source = sources + (s << 4);
    let c0 = first;
    let c1 = v128.splat<u32>(load<u32>(source));
    let c2 = v128.splat<u32>(load<u32>(source, 4));
    let c3 = i32x4.splat(0);
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < 7; round++) {
      const p0 = i64x2.extmul_low_i32x4_u(m0, c0);
      const q0 = i64x2.extmul_high_i32x4_u(m0, c0);
      const p1 = i64x2.extmul_low_i32x4_u(m1, c2);
      const q1 = i64x2.extmul_high_i32x4_u(m1, c2);
      const upper = v128.xor(v128.xor(highOf(p1, q1), c1), v128.splat<u32>(k0));
      const lower = v128.xor(v128.xor(highOf(p0, q0), c3), v128.splat<u32>(k1));
      c1 = lowOf(p1, q1);
      c3 = lowOf(p0, q0);
      c0 = upper;
      c2 = lower;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const greatest = v128.splat<u32>(load<u32>(source, 8));
    const d0 = v128.le<u32>(c0, greatest);
    const d1 = v128.le<u32>(c1, greatest);
    const d2 = v128.le<u32>(c2, greatest);
    const d3 = v128.le<u32>(c3, greatest);
    if (!v128.any_true(v128.or(v128.or(d0, d1), v128.or(d2, d3)))) continue;
    // Bit l of word w is step 4 l + w of the block.
    let hits = v128.bitmask<i32>(d0) | (v128.bitmask<i32>(d1) << 4) | (v128.bitmask<i32>(d2) << 8) | (v128.bitmask<i32>(d3) << 12);
    for (; hits != 0; hits &= hits - 1) {
      const bit = ctz(hits);
      const k = ((bit & 3) << 2) | (bit >> 2);
      store<i32>(entries + (entry << 3), load<i32>(source));
      store<i32>(entries + (entry << 3), load<i32>(bins + (k << 2)), 4);
      store<i32>(bins + (k << 2), entry++);
    }
  }
}
