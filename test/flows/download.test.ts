import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { BregmaError } from '@bregma/core/errors';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RegistryFile } from '../../mcp-servers/atlas/src/datasets/adapter.ts';
import { obtain } from '../../mcp-servers/atlas/src/sources/fetch.ts';
import { temporaryWorkspace } from '../fixtures/client.ts';

/** More than one chunk of any stream on the way. */
const size = 3_000_000;
const random = makeRandom(11);
const content = Buffer.from(Uint8Array.from({ length: size }, () => Math.floor(random.uniform() * 256)));
const sha256 = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse, from: number) => void;
let answers: Answer[];
let ranges: (string | undefined)[];
const server = createServer((request, response) => {
  ranges.push(request.headers.range);
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  answer?.(request, response, from);
});

function head(response: ServerResponse, from: number, total = size): void {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': total - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${total - 1}/${total}` } : {}),
  });
}

const whole: Answer = (_, response, from) => {
  head(response, from);
  response.end(content.subarray(from));
};
/** Sends `bytes` of the rest, then breaks the connection. */
const cutAfter =
  (bytes: number): Answer =>
  (_, response, from) => {
    head(response, from);
    response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 100));
  };

let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.bin`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let space: ReturnType<typeof temporaryWorkspace>;
let downloads: string;
let part: string;
let seen: number[];
beforeEach(() => {
  space = temporaryWorkspace();
  downloads = path.join(space.folder, 'downloads');
  part = path.join(downloads, `${sha256}.part`);
  answers = [whole];
  ranges = [];
  seen = [];
});
afterEach(() => space.remove());

const get = (signal = new AbortController().signal, changed: Partial<RegistryFile> = {}) =>
  obtain(
    { path: 'no-such-data-set/data.bin', bytes: size, sha256, origin, ...changed },
    { downloads, signal, progress: (done) => seen.push(done) },
  );
const refused = (working: Promise<string>): Promise<BregmaError> =>
  working.then(
    (file) => Promise.reject(new Error(`was expected to fail and gave ${file}`)),
    (error) => error,
  );

describe('a download', () => {
  test('arrives whole, tells how far it is, and is not fetched again', async () => {
    const file = await get();
    expect(readFileSync(file).equals(content)).toBe(true);
    expect(seen.at(-1)).toBe(size);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(await get()).toBe(file);
    expect(ranges).toEqual([undefined]);
    expect(readdirSync(downloads)).toEqual([sha256]);
  });

  test('goes on where its connection was cut', async () => {
    answers = [cutAfter(1_000_000), whole];
    expect(readFileSync(await get()).equals(content)).toBe(true);
    expect(ranges).toHaveLength(2);
    const from = Number(/^bytes=(\d+)-$/.exec(ranges[1] ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(1_000_000);
  });

  test('keeps what arrived when the origin goes on failing, and goes on from there at the next call', async () => {
    answers = [cutAfter(400_000), cutAfter(400_000), cutAfter(400_000), whole];
    const error = await refused(get());
    expect(error.code).toBe('missing');
    expect(error.message).toContain(origin);
    expect(error.next).toContain('what arrived is kept');
    expect(ranges).toHaveLength(3);
    const kept = statSync(part).size;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(1_200_000);
    expect(readFileSync(await get()).equals(content)).toBe(true);
    expect(ranges[3]).toBe(`bytes=${kept}-`);
  });

  test('starts over when the origin knows no ranges', async () => {
    answers = [
      cutAfter(1_000_000),
      (_, response) => {
        head(response, 0);
        response.end(content);
      },
    ];
    expect(readFileSync(await get()).equals(content)).toBe(true);
    expect(ranges[1]).toMatch(/^bytes=/);
  });

  test('that was left finished but not renamed needs no server', async () => {
    await get();
    writeFileSync(part, content);
    const file = path.join(downloads, sha256);
    writeFileSync(file, 'damaged');
    expect((await refused(get())).code).toBe('corrupt');
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(await get()).equals(content)).toBe(true);
    expect(ranges).toHaveLength(1);
  });

  test('that is cancelled keeps what arrived, and goes on at the next call', async () => {
    answers = [
      (_, response) => {
        head(response, 0);
        response.write(content.subarray(0, 500_000));
      },
      whole,
    ];
    const controller = new AbortController();
    const working = refused(get(controller.signal));
    while ((seen.at(-1) ?? 0) < 500_000) await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    const error = await working;
    expect([error.code, error.message]).toEqual(['cancelled', expect.stringContaining('what arrived is kept')]);
    const kept = statSync(part).size;
    expect(kept).toBeGreaterThan(0);
    expect(readFileSync(await get()).equals(content)).toBe(true);
    expect(ranges).toEqual([undefined, `bytes=${kept}-`]);
  });
});

describe('what the origin must not send', () => {
  test('other bytes of the same length are refused and not kept; the right ones are taken later', async () => {
    const other = Buffer.from(content);
    other[size - 1] ^= 1;
    answers = [(_, response) => response.writeHead(200).end(other), whole];
    const error = await refused(get());
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain(`pinned to ${sha256}`);
    expect(error.message).toContain(createHash('sha256').update(other).digest('hex'));
    expect(readdirSync(downloads)).toEqual([]);
    expect(readFileSync(await get()).equals(content)).toBe(true);
  });

  test('more bytes than the pinned ones are cut off before they fill the disk', async () => {
    let sent = 0;
    answers = [
      (_, response) => {
        response.writeHead(200);
        const more = () => {
          while (!response.destroyed && sent < 100 * size) {
            sent += size;
            if (!response.write(content)) return response.once('drain', more);
          }
          response.end();
        };
        more();
      },
    ];
    const error = await refused(get());
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain(`more than the ${size} bytes`);
    expect(sent).toBeLessThan(20 * size);
    expect(readdirSync(downloads)).toEqual([]);
  });

  test.each([404, 403, 500])('an error page (%i) is no file', async (status) => {
    answers = [(_, response) => response.writeHead(status).end('<html>sorry</html>')];
    const error = await refused(get());
    expect(error.code).toBe('missing');
    expect(error.message).toContain(String(status));
    expect(error.next).toContain('BREGMA_MIRROR');
    expect(ranges).toHaveLength(1);
    expect(existsSync(part)).toBe(false);
  });

  test('an origin that nobody answers at is named, with what to do', async () => {
    const error = await refused(get(undefined, { origin: 'http://127.0.0.1:1/data.bin' }));
    expect(error.code).toBe('missing');
    expect(error.message).toContain('127.0.0.1:1');
    expect(error.next).toContain('BREGMA_MIRROR');
  });

  test('an origin in words asks for the mirror', async () => {
    const error = await refused(get(undefined, { origin: 'converted with numpy from a pickle' }));
    expect([error.code, error.next]).toEqual(['missing', expect.stringContaining('no-such-data-set/data.bin')]);
  });
});
