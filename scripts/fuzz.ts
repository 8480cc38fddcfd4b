// `npm run fuzz -- SECONDS [NAME…]`: runs the fuzzers of test/fuzz/ for that long in all, with a seed that is printed; BREGMA_SEED
// repeats one. A file that exports an object with `name` and `run` is a fuzzer.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Fuzzer } from '../test/fuzz/fuzzer.ts';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../test/fuzz');
const [seconds = '60', ...names] = process.argv.slice(2);
const seed = Number(process.env.BREGMA_SEED ?? Date.now() % 1e9);

const fuzzers: Fuzzer[] = [];
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort())
  for (const value of Object.values(await import(pathToFileURL(path.join(folder, file)).href)) as Partial<Fuzzer>[])
    if (typeof value.name === 'string' && typeof value.run === 'function') fuzzers.push(value as Fuzzer);

const chosen = fuzzers.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0 || !(Number(seconds) > 0)) {
  console.error(`usage: npm run fuzz -- SECONDS [${fuzzers.map(({ name }) => name).join(' | ')}]`);
  process.exit(2);
}
console.log(`BREGMA_SEED=${seed}`);
let failed = 0;
let all = 0;
for (const fuzzer of chosen) {
  const { tried, failures } = await fuzzer.run(seed, { seconds: Number(seconds) / chosen.length });
  console.log(
    `${failures.length === 0 ? '✓' : '✗'} ${fuzzer.name}: ${tried} inputs tried, ${tried - failures.length} held`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
  failed += failures.length;
  all += tried;
}
console.log(`${all} inputs tried, ${all - failed} held.`);
process.exit(failed > 0 ? 1 : 0);
