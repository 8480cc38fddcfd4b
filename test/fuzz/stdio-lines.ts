import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { makeRandom } from '@bregma/core/statistics/random';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';
import { initialize, startStdio } from './server.ts';

const good = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list","params":{}}\n`;

/** Lines on stdio that are no good message: the server answers the next good call. */
export const stdioLines: Fuzzer = {
  name: 'stdio-lines',
  async run(seed: number, extent: Extent): Promise<Fuzzed> {
    const random = makeRandom(seed);
    const space = temporaryWorkspace();
    const child = startStdio(space.folder);
    const { stdin, stdout } = child;
    if (!stdin || !stdout) throw new Error('The server has no pipes.');
    stdin.on('error', () => {});
    const answered = new Set<unknown>();
    createInterface({ input: stdout }).on('line', (line) => answered.add(JSON.parse(line).id));
    const write = async (bytes: string | Buffer) => {
      if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain'), once(child, 'exit')]);
    };
    await write(`${JSON.stringify(initialize)}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n`);
    let tried = 0;
    const failures: string[] = [];
    const started = performance.now();
    while (goesOn(extent, tried, started) && failures.length === 0) {
      const kinds: string[] = [];
      for (let i = 0; i < 100; i++) kinds.push(await write1(tried + i));
      tried += 100;
      const id = 1_000_000 + tried;
      await write(good(id));
      if (!(await eventually(() => answered.has(id) || child.exitCode !== null)) || child.exitCode !== null)
        failures.push(`no answer after lines of the kinds ${[...new Set(kinds)].join(', ')}`);
    }
    child.kill();
    space.remove();
    return { tried, failures };

    async function write1(at: number): Promise<string> {
      // Long lines are rare: 11 to 50 MB each.
      const [kind, line] = at % 1000 === 500 ? long(11 + Math.floor(random.uniform() * 40)) : draw();
      await write(line);
      await write('\n');
      return kind;
    }

    function draw(): [string, string | Buffer] {
      const noise = Buffer.from(
        Array.from({ length: 1 + Math.floor(random.uniform() * 60) }, () => Math.floor(random.uniform() * 256)).filter(
          (byte) => byte !== 10,
        ),
      );
      const kinds: [string, string | Buffer][] = [
        ['noise', noise],
        ['NUL', '{"jsonrpc":"2.0","id":7,\u0000"method":"ping"}'],
        [
          'invalid UTF-8',
          Buffer.concat([
            Buffer.from('{"jsonrpc":"2.0","id":8,"method":"'),
            Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
            Buffer.from('"}'),
          ]),
        ],
        [
          'half a message',
          good(9)
            .slice(0, 1 + Math.floor(random.uniform() * 40))
            .trim(),
        ],
        ['depth', '['.repeat(2000)],
        [
          'no request',
          pick(['null', '1', '"x"', '[]', '{}', '{"jsonrpc":"1.0"}', '{"jsonrpc":"2.0","id":{},"method":5}', '']),
        ],
        ['an unknown method', `{"jsonrpc":"2.0","id":11,"method":${JSON.stringify(noise.toString('latin1'))}}`],
        [
          'wrong arguments',
          `{"jsonrpc":"2.0","id":12,"method":"tools/call","params":{"name":"find_data","arguments":${pick(['[]', 'null', '"x"', '{"query":{}}', '{"__proto__":1}'])}}}`,
        ],
      ];
      return pick(kinds);
    }

    function pick<T>(items: readonly T[]): T {
      return items[Math.floor(random.uniform() * items.length)];
    }
  },
};

const long = (megabytes: number): [string, string] => [
  `${megabytes} MB`,
  `{"jsonrpc":"2.0","id":13,"method":"tools/call","params":{"name":"find_data","arguments":{"query":"${'x'.repeat(megabytes * 1e6)}"}}}`,
];

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 3000; i++) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
