import { longestLine, WholeLines } from '@bregma/core/mcp/whole-lines';
import { expect, test } from 'vitest';
import { stdioLines } from '../../fuzz/stdio-lines.ts';

test('the next good call is answered after any line: 5,000 drawn ones, up to 50 MB, with NUL and invalid UTF-8', async ({
  task,
}) => {
  const seed = Number(process.env.BREGMA_SEED ?? Date.now() % 1e9);
  console.log(`BREGMA_SEED=${seed}`);
  const { tried, failures } = await stdioLines.run(seed, { count: 5000 });
  task.meta.fuzzed = { tried, failures };
  expect(failures).toEqual([]);
  expect(tried).toBe(5000);
});

test('a line that is too long is left out, told with the id of its request, and the lines around it stay', async () => {
  const told: unknown[] = [];
  const lines = new WholeLines(50, (line) => told.push(line));
  const out: string[] = [];
  lines.on('data', (data) => out.push(String(data)));
  const long = [
    `{"jsonrpc":"2.0","id":7,"method":"${'x'.repeat(60)}"}\n`,
    `{"method":"${'x'.repeat(400)}","jsonrpc":"2.0","id":"b"}\n`,
    `${'x'.repeat(60)}\n`,
  ];
  const text = `one\n${long[0]}two\n${long[1]}${long[2]}three\n`;
  for (let at = 0; at < text.length; at += 7) lines.write(Buffer.from(text.slice(at, at + 7)));
  lines.end();
  await new Promise((resolve) => lines.once('end', resolve));
  expect(out).toEqual(['one\n', 'two\n', 'three\n']);
  expect(told).toEqual([
    { bytes: long[0].length, id: 7 },
    { bytes: long[1].length, id: 'b' },
    { bytes: 61, id: undefined },
  ]);
  expect(longestLine).toBeLessThan(10 * 2 ** 20);
});
