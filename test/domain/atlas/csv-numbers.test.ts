import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockReader } from '../../../mcp-servers/atlas/src/read/text/kernel/block-reader.ts';
import { kernelModule } from '../../../mcp-servers/atlas/src/read/text/kernel/lanes.ts';

/** The doubles that are read from these texts, each in a row beside its number; undefined where one is no number in plain notation. */
function read(texts: string[]): Float64Array | undefined {
  const plan = { separator: 44, quote: 34, decimal: 46, returns: false };
  const columns = [
    { reading: 'integer' as const, words: [] },
    { reading: 'number' as const, words: [] },
  ];
  const bytes = Buffer.from(texts.map((text, i) => `${i},${text}\n`).join(''));
  const reader = new BlockReader(kernelModule(), { ...plan, columns }, bytes.length);
  const { columns: found, pages } = reader.read(bytes, bytes.length);
  if (found[1].odd > 0) return undefined;
  // Different numbers have no dictionary: their page ends in their bytes, one behind the other.
  expect(found[1].dictionary).toBe(0);
  const page = Buffer.concat(pages);
  return new Float64Array(Uint8Array.from(page.subarray(-8 * texts.length)).buffer);
}

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const bits = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((value) => new Float64Array(new BigUint64Array([value]).buffer)[0])
  .filter((value) => Number.isFinite(value) && value !== 0);
/** Exactly half way from a double to the next one, and a digit beside it. */
const halfWay = fc
  .tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }), fc.integer({ min: 0, max: 60 }), fc.constantFrom('', '1'))
  .map(([mantissa, shift, more]) => {
    const half = (2n * mantissa + 1n) * 10n ** 30n;
    const text = (half / 2n ** BigInt(shift)).toString();
    return `${text.slice(0, -30) || '0'}.${text.slice(-30).padStart(30, '0')}${more}`;
  });
const written = fc.oneof(
  bits.map(String),
  bits.map((value) => value.toExponential(16)),
  bits.map((value) => value.toPrecision(17)),
  fc.double({ min: -1000, max: 1000, noNaN: true, noDefaultInfinity: true }).map((value) => value.toFixed(13)),
  fc.tuple(fc.integer({ min: -999, max: 999 }), digits(1, 30)).map(([whole, rest]) => `${whole}.${rest}1`),
  fc.tuple(digits(0, 25), fc.integer({ min: -330, max: 300 })).map(([rest, power]) => `7.${rest}1e${power}`),
  halfWay,
);

test('numbers in every notation are the nearest doubles, as JavaScript reads them: 20,000 of them, seed 20261127', () => {
  const plain = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
  const texts = [...new Set(fc.sample(written, { numRuns: 26_000, seed: 20_261_127 }))].filter(
    (text) => plain.test(text) && Number.isFinite(Number(text)) && Number(text) !== 0 && !/^-?\d{16,}$/.test(text),
  );
  expect(texts.length).toBeGreaterThan(20_000);
  const found = read(texts);
  const wrong = texts.filter((text, i) => !Object.is(found?.[i], Number(text)));
  expect(wrong).toEqual([]);
});

test.each([
  '+5',
  '007',
  '1_000',
  '0x1A',
  '1e400',
  '1e-400',
  '.5',
  '5.',
  '-',
  '--1',
  '1-',
  '1e',
  '1e+',
  'e5',
  'inf',
  '9007199254740993',
  '00.5',
  '1.5.1',
  ' 1',
  '1 ',
  '1,5',
])('%s is left to SQL', (text) => {
  expect(read([text.includes(',') ? `"${text}"` : text, '0.5'])).toBeUndefined();
});
