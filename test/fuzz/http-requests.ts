import { connect } from 'node:net';
import { hostname } from 'node:os';
import { makeRandom } from '@bregma/core/statistics/random';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';
import { answersHttp, initialize, startHttp } from './server.ts';

const targets = [
  '/mcp',
  '//',
  '///',
  '/',
  '*',
  'http://',
  'http://[',
  '/mcp/../mcp',
  '/%',
  '/mcp?%00',
  '\\',
  '/\u0000',
  '/mcp#',
  '',
  'mcp',
  '//evil.example/mcp',
  'http://127.0.0.1:99999/',
  `/${'a'.repeat(20_000)}`,
];
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'CONNECT', 'PATCH', 'get', 'BREGMA', ''];
const bodies = [
  '',
  '{}',
  '[]',
  'null',
  '{',
  JSON.stringify(initialize),
  '['.repeat(5000),
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_data","arguments":[]}}',
  '\u0000\u0001',
  '"\\ud800"',
];
const extras = [
  'transfer-encoding: chunked',
  'content-length: 99999999',
  'content-length: -1',
  'expect: 100-continue',
  'upgrade: websocket\r\nconnection: upgrade',
  'mcp-session-id: x',
  'origin: https://evil.example',
  'content-type: application/json',
  'accept: application/json, text/event-stream',
  'x: \u0000',
  ': empty',
  'host: 127.0.0.1',
];

/** Raw HTTP, half of it without the token: the server stays, and says nothing of the machine to who has none. */
export const httpRequests: Fuzzer = {
  name: 'http-requests',
  async run(seed: number, extent: Extent): Promise<Fuzzed> {
    const random = makeRandom(seed);
    const space = temporaryWorkspace();
    const { child, port, token } = await startHttp(space.folder);
    const failures: string[] = [];
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random.uniform() * items.length)];
    const draw = (withToken: boolean): string => {
      const lines = [`${pick(methods)} ${pick(targets)} HTTP/${pick(['1.1', '1.1', '1.1', '1.0', '9', 'x'])}`];
      if (random.uniform() < 0.9)
        lines.push(`host: ${pick(['127.0.0.1', 'localhost', 'evil.example', '[', ''])}:${port}`);
      if (withToken) lines.push(`authorization: Bearer ${token}`);
      else if (random.uniform() < 0.5)
        lines.push(
          `authorization: ${pick(['', 'Bearer', 'Bearer ', 'Bearer x', 'Basic eDp4', `Bearer ${'x'.repeat(5000)}`])}`,
        );
      while (random.uniform() < 0.6) lines.push(pick(extras));
      const body = pick(bodies);
      if (random.uniform() < 0.7) lines.push(`content-length: ${body.length}`);
      const whole = `${lines.join(pick(['\r\n', '\r\n', '\r\n', '\n']))}\r\n\r\n${body}`;
      return random.uniform() < 0.1 ? whole.slice(0, Math.floor(random.uniform() * whole.length)) : whole;
    };
    let tried = 0;
    const started = performance.now();
    while (goesOn(extent, tried, started) && failures.length === 0) {
      const batch = Array.from({ length: 100 }, (_, i) => ({ known: i % 2 === 0, request: draw(i % 2 === 0) }));
      const answers = await Promise.all(batch.map(({ request }) => send(port, request)));
      tried += batch.length;
      for (const [i, answer] of answers.entries())
        if (
          !batch[i].known &&
          (answer.includes(space.folder) || answer.includes(hostname()) || /^HTTP\/1.1 200/.test(answer))
        )
          failures.push(
            `without a token ${JSON.stringify(batch[i].request.slice(0, 300))} was answered ${answer.slice(0, 300)}`,
          );
      if (child.exitCode !== null || !(await answersHttp(port, token)))
        failures.push(
          `the server is gone after one of ${JSON.stringify(batch.map(({ request }) => request.slice(0, 200)))}`,
        );
    }
    child.kill();
    space.remove();
    return { tried, failures };
  },
};

/** Sends bytes and gives what comes back until the server closes, or for a moment. */
function send(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => {
      answer += data;
      setTimeout(end, 20);
    });
    socket.on('error', end).on('close', end);
    setTimeout(end, 100);
  });
}
