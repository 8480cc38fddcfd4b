import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNpy } from '@bregma/core/npy';
import { isScoreOf } from '@bregma/core/scorer/receipts';
import { loadProto } from '@bregma/readers/onnx-proto';
import { refuseForeign } from '@bregma/readers/refuse-foreign';
import { networkRunner } from '@bregma/readers/run-network';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type RunningScorer, startScorer } from '../fixtures/scorer.ts';
import { drawSealedData, writeSealedFolder } from '../fixtures/sealed-folder.ts';
import { bregmaProgram } from '../fixtures/terminal.ts';
import { makeUsers, runAs } from '../fixtures/witness.ts';

/** A model as onnx-proto takes it. */
type Model = ConstructorParameters<Awaited<ReturnType<typeof loadProto>>['onnx']['ModelProto']>[0] & object;

const made = makeUsers(['scorer', 'client']);
const users = typeof made === 'string' ? undefined : made;
if (typeof made === 'string') console.log(`Without users of the system: ${made}. Walls between users are not tested.`);
const [scorerUser, clientUser] = users?.users ?? [];

const home = mkdtempSync(path.join(tmpdir(), 'bregma-walls-'));
const data = drawSealedData({ stimuli: 120 });
let scorer: RunningScorer;
beforeAll(async () => {
  chmodSync(home, 0o755);
  writeSealedFolder(path.join(home, 'mine'), data);
  scorer = await startScorer(scorerUser, (step) => {
    expect(step('seal', path.join(home, 'mine'), '--name', 'mine-1')).toMatchObject({ code: 0 });
  });
});
afterAll(async () => {
  await scorer?.close();
  rmSync(home, { recursive: true, force: true });
  users?.remove();
});

/** A folder with a workspace of the client's, in which there is a first record and an object with predictions. */
function clientFolder(name: string): string {
  const folder = path.join(home, name);
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, 'predictions.npy'),
    writeNpy({ data: data.signal, shape: [data.neurons, data.stimuli] }),
  );
  if (clientUser)
    for (const one of [folder, path.join(folder, 'predictions.npy')]) chownSync(one, clientUser.uid, clientUser.gid);
  return folder;
}

const env = (folder: string) => ({ ...scorer.env, BREGMA_CONFIG: path.join(folder, 'settings'), TMPDIR: tmpdir() });
const bregma = (folder: string, ...args: string[]) =>
  runAs(clientUser, [process.execPath, ...bregmaProgram, ...args, '--workspace', folder], env(folder), folder);

describe.skipIf(!users)('a scorer of another user', () => {
  test('is isolated: the client tried, could open nothing, and the receipt says so', () => {
    const folder = clientFolder('one');
    const first = bregma(folder, 'call', 'atlas', 'find_data', '{}');
    expect(first.code, first.err).toBe(0);
    const run = bregma(
      folder,
      'benchmark',
      'run',
      'mine-1',
      '--predictions',
      path.join(folder, 'predictions.npy'),
      '--tried',
      'what is there',
    );
    expect(run.code, run.out + run.err).toBe(0);
    const { value } = JSON.parse(run.out);
    expect(value.preflight).toMatchObject({ access: 'isolated', refused: value.preflight.tried });
    expect(value.preflight.tried).toBeGreaterThan(5);
    expect(value.score).toBeGreaterThan(0.5);
    const page = path.join(folder, 'board.html');
    expect(bregma(folder, 'benchmark', 'leaderboard', '--out', page).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toMatch(/isolated/);
    // Deleted and begun anew, it is another workspace of the same person.
    rmSync(path.join(folder, '.bregma'), { recursive: true });
    bregma(folder, 'call', 'atlas', 'find_data', '{}');
    const again = bregma(folder, 'benchmark', 'run', 'mine-1', '--predictions', path.join(folder, 'predictions.npy'));
    expect(JSON.parse(again.out).value.queries.person.spent).toBe(2);
    expect(JSON.parse(again.out).value.improved).toBe(false);
  });

  test('keeps data, secret, log, key and memory from the client', () => {
    const places = ['', 'key.pem', 'secret', 'log/ledger.sqlite', 'benchmarks/mine-1/outcomes.npy'].map((one) =>
      path.join(scorer.folder, one),
    );
    for (const place of [
      ...places,
      ...['mem', 'environ', 'maps', 'cwd', 'fd'].map((one) => `/proc/${scorer.pid()}/${one}`),
    ]) {
      const { code, err } = runAs(clientUser, ['ls', `${place}/.`]);
      const read = runAs(clientUser, ['head', '-c', '1', place]);
      expect(code, place).not.toBe(0);
      expect(read.code, place).not.toBe(0);
      expect(err + read.err).toMatch(/denied|not permitted|Not a directory|Is a directory/i);
    }
    expect(runAs(clientUser, ['kill', '-9', String(scorer.pid())]).code).not.toBe(0);
  });
});

test('a client of the scorer’s own user, or one that is root, is never called isolated', async () => {
  const { submitScore } = await import('@bregma/core/scorer/submit');
  const { openWorkspace } = await import('@bregma/core/workspace');
  const workspace = openWorkspace(clientFolder('two'));
  workspace.ledger.append([{ kind: 'stop', subject: 'x', body: { experiment: 'x', client: 'test' } }]);
  const predictions = writeNpy({
    data: data.signal.map((value) => value + 0.001),
    shape: [data.neurons, data.stimuli],
  });
  const place = { address: scorer.env.BREGMA_SCORER, token: scorer.env.BREGMA_SCORER_TOKEN };
  const { key, receipt } = await submitScore(place, workspace.ledger, 'mine-1', { predictions });
  expect(isScoreOf(receipt, key)).toBe(true);
  expect(receipt.statement.preflight.access).toBe('same-machine');
  workspace.close();
});

describe('a network of a client', () => {
  const worker = path.join(
    root,
    process.env.BREGMA_TEST_DIST ? 'dist/servers/onnx-worker.mjs' : 'readers/src/onnx-worker.ts',
  );
  const images = writeNpy({ data: data.images, shape: [data.stimuli, 4, 4, 3] });
  /** images uint8 [n × 4 × 4 × 3] → responses float32 [n × 12]: the first 12 of 48 numbers, by what `change` makes of the model. */
  async function network(change: (model: Model) => void = () => {}): Promise<Uint8Array> {
    const { onnx } = await loadProto();
    const int64 = (name: string, values: number[]) => ({ name, dims: [values.length], dataType: 7, int64Data: values });
    const model: Model = {
      irVersion: 9,
      opsetImport: [{ domain: '', version: 18 }],
      graph: {
        name: 'twin',
        input: [
          {
            name: 'images',
            type: {
              tensorType: {
                elemType: 2,
                shape: { dim: [{ dimParam: 'n' }, { dimValue: 4 }, { dimValue: 4 }, { dimValue: 3 }] },
              },
            },
          },
        ],
        output: [
          {
            name: 'responses',
            type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'n' }, { dimValue: 12 }] } } },
          },
        ],
        initializer: [int64('rows', [-1, 48]), int64('from', [0]), int64('to', [12]), int64('axis', [1])],
        node: [
          { opType: 'Cast', input: ['images'], output: ['float'], attribute: [{ name: 'to', type: 2, i: 1 }] },
          { opType: 'Reshape', input: ['float', 'rows'], output: ['flat'] },
          { opType: 'Slice', input: ['flat', 'from', 'to', 'axis'], output: ['responses'] },
        ],
      },
    };
    change(model);
    return onnx.ModelProto.encode(model).finish();
  }

  test('is run, and gives [unit × item]', async () => {
    const { parseNpy } = await import('@bregma/core/npy');
    const { shape, data: values } = parseNpy(await networkRunner(worker)(await network(), images));
    expect(shape).toEqual([12, data.stimuli]);
    expect(values[3 * data.stimuli + 5]).toBe(data.images[5 * 48 + 3]);
  });

  test.each<[string, (model: Model) => void, RegExp]>([
    [
      'keeps its weights in a file of the system',
      (model) => {
        model.graph?.initializer?.push({
          name: 'secret',
          dims: [12],
          dataType: 1,
          dataLocation: 1,
          externalData: [{ key: 'location', value: '/etc/passwd' }],
        });
      },
      /weights in other files/,
    ],
    [
      'keeps them there in a constant of a branch',
      (model) => {
        const inner = {
          name: 'c',
          dims: [1],
          dataType: 1,
          externalData: [{ key: 'location', value: '../outcomes.npy' }],
        };
        model.graph?.node?.push({
          opType: 'If',
          input: ['x'],
          output: ['y'],
          attribute: [{ name: 'then_branch', type: 5, g: { name: 'b', initializer: [inner] } }],
        });
      },
      /weights in other files/,
    ],
    [
      'has an operator of its own',
      (model) => {
        model.graph?.node?.push({ opType: 'ReadFile', domain: 'com.example', input: ['images'], output: ['z'] });
      },
      /none of ONNX/,
    ],
  ])('that %s is refused', async (_, change, message) => {
    await expect(refuseForeign(await network(change))).rejects.toThrow(message);
    await expect(networkRunner(worker)(await network(change), images)).rejects.toThrow(message);
  });

  test('that is none, gives another form, or takes too much memory or time, ends by itself', async () => {
    await expect(networkRunner(worker)(Buffer.from('no network'), images)).rejects.toThrow(/ONNX/);
    const other = await network((model) => {
      for (const node of model.graph?.node ?? []) if (node.opType === 'Slice') node.output = ['else'];
      for (const output of model.graph?.output ?? []) output.name = 'else';
    });
    await expect(networkRunner(worker)(other, images)).rejects.toThrow(/no responses/);
    await expect(networkRunner(worker, { bytes: 1e6, ms: 60_000 })(await network(), images)).rejects.toThrow(
      /took more than/,
    );
    await expect(networkRunner(worker, { bytes: 3e9, ms: 1 })(await network(), images)).rejects.toThrow(
      /took more than/,
    );
  });

  test('runs in a process that can open no file and reach no network', async () => {
    const { forkProgram } = await import('@bregma/readers/fork-program');
    const folder = mkdtempSync(path.join(home, 'program-'));
    chmodSync(folder, 0o755);
    const program = path.join(folder, 'spy.mjs');
    writeFileSync(
      program,
      `import { readFileSync, writeFileSync } from 'node:fs';
       import { spawnSync } from 'node:child_process';
       const tried = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
       process.send({
         read: tried(() => readFileSync(${JSON.stringify(path.join(home, 'mine/responses.npy'))})),
         write: tried(() => writeFileSync(${JSON.stringify(path.join(home, 'left'))}, 'x')),
         run: tried(() => spawnSync('true')),
         knows: Object.keys(process.env).filter((name) => !/^(TZ|NODE_CHANNEL|BREGMA_NATIVE)/.test(name)),
       });`,
    );
    const child = forkProgram(program, folder, 'bare');
    child.ref();
    child.channel?.ref();
    const said = await new Promise((resolve) => child.once('message', resolve));
    child.kill();
    expect(said).toEqual({
      read: 'ERR_ACCESS_DENIED',
      write: 'ERR_ACCESS_DENIED',
      run: 'ERR_ACCESS_DENIED',
      knows: [],
    });
    expect(readFileSync(path.join(root, 'readers/src/onnx-worker.ts'), 'utf8')).toMatch(/^closeNetwork\(\);$/m);
    expect(pathToFileURL(worker).href).toMatch(/onnx-worker/);
  });
});
