const [least, most] = [-342n, 308n];
const limit = 1n << 128n;
let table: BigUint64Array<ArrayBuffer> | undefined;

/**
 * The first 128 bits of 5^q for q from -342 to 308, high half before low half; of a negative power one more than the bits that were
 * cut. Lemire 2021, https://doi.org/10.1002/spe.2984, table of algorithm 1.
 */
export function powersOfFive(): BigUint64Array<ArrayBuffer> {
  if (table) return table;
  table = new BigUint64Array(2 * Number(most - least + 1n));
  for (let q = least; q <= most; q++) {
    const bits = q < 0n ? inverse(5n ** -q, q) : shifted(5n ** q);
    table.set([bits >> 64n, bits & 0xffffffffffffffffn], 2 * Number(q - least));
  }
  return table;
}

const bitsOf = (value: bigint) => BigInt(value.toString(2).length);

/** Its first 128 bits, filled up with zeros. */
function shifted(value: bigint): bigint {
  const bits = bitsOf(value);
  return bits <= 128n ? value << (128n - bits) : value >> (bits - 128n);
}

function inverse(power: bigint, q: bigint): bigint {
  const bits = bitsOf(power - 1n);
  if (q >= -27n) return (1n << (bits + 127n)) / power + 1n;
  const long = (1n << (2n * bits + 128n)) / power + 1n;
  return long < limit ? long : long >> (bitsOf(long) - 128n);
}
