import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DoctorReport, Finding } from '@bregma/core/contracts/doctor';
import { importNative, installCommand } from '@bregma/core/native';
import { networkWall } from '@bregma/core/network-wall';
import { nodeTooOld } from '@bregma/core/node-version';
import { withDecimals } from '@bregma/core/numbers';
import { codeVersion } from '@bregma/core/version';
import { openWorkspace } from '@bregma/core/workspace';
import type { Command } from '../command.ts';

type DuckDB = typeof import('@duckdb/node-api');
type OnnxRuntime = typeof import('onnxruntime-node');

export const doctor: Command = {
  name: 'doctor',
  summary: 'check what Bregma needs on this machine, with the fix for what is missing',
  help: `Usage: bregma doctor [--json] [--workspace DIR]

Checks Node, the native modules, a GPU, what keeps readers from the network, the data folders and write access. Exit code 1 when something needed is missing.`,
  options: { json: { type: 'boolean' } },
  async run({ values, workspace }) {
    const findings = [
      node(),
      await duckdb(),
      await onnx(),
      gpu(),
      wall(),
      mirror(),
      await writeAccess(workspace),
      disk(workspace),
    ];
    if (values.json) console.log(JSON.stringify({ version: codeVersion, findings } satisfies DoctorReport));
    else {
      console.log(`Bregma ${codeVersion}`);
      const marks = { ok: '✓', optional: '–', missing: '✗' };
      for (const { what, state, detail, fix } of findings)
        console.log(`${marks[state]} ${what}: ${detail}${fix ? `\n    ${fix}` : ''}`);
    }
    return findings.some(({ state }) => state === 'missing') ? 1 : 0;
  },
};

function node(): Finding {
  const old = nodeTooOld();
  return { id: 'node', what: 'Node', state: old ? 'missing' : 'ok', detail: process.versions.node, fix: old };
}

async function duckdb(): Promise<Finding> {
  const about = { id: 'duckdb', what: 'DuckDB (SQL, Parquet)' };
  try {
    const { DuckDBInstance } = await importNative<DuckDB>('@duckdb/node-api', import.meta.url);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const [[version]] = (await connection.runAndReadAll('SELECT version()')).getRows();
    connection.closeSync();
    return { ...about, state: 'ok', detail: String(version) };
  } catch (error) {
    return { ...about, state: 'missing', detail: messageOf(error), fix: installCommand(['@duckdb/node-api']) };
  }
}

async function onnx(): Promise<Finding> {
  const about = { id: 'onnx', what: 'ONNX Runtime (twins)' };
  try {
    const { env } = await importNative<OnnxRuntime>('onnxruntime-node', import.meta.url);
    return { ...about, state: 'ok', detail: env.versions.node ?? 'present' };
  } catch (error) {
    return { ...about, state: 'missing', detail: messageOf(error), fix: installCommand(['onnxruntime-node']) };
  }
}

/** Spiking twins of large networks run on a graphics processor through WebGPU; all else runs on the processor. */
function gpu(): Finding {
  const about = { id: 'gpu', what: 'GPU (spiking twins)' };
  const device = ['/dev/nvidia0', '/dev/dri/renderD128', '/dev/kfd'].find((file) => existsSync(file));
  const name = process.platform === 'darwin' ? 'Metal' : device;
  if (name)
    return { ...about, state: 'ok', detail: `${name}; backend: "auto" of run_twin takes it for large networks` };
  return { ...about, state: 'optional', detail: 'none found; spiking twins run on the processor' };
}

/** What keeps the processes that read files of others from the network. */
function wall(): Finding {
  const about = { id: 'wall', what: 'No network for what reads files' };
  const found = networkWall();
  if (found) return { ...about, state: 'ok', detail: `by the system (${found.command[0]})` };
  return {
    ...about,
    state: 'optional',
    detail: 'by the program alone: native code in it (DuckDB) is not held by the system',
    fix:
      process.platform === 'linux'
        ? 'Allow user namespaces to unshare (util-linux), or run Bregma where nothing can be reached.'
        : undefined,
  };
}

function mirror(): Finding {
  const about = { id: 'mirror', what: 'Data mirror' };
  const folder = process.env.BREGMA_MIRROR;
  if (!folder)
    return {
      ...about,
      state: 'optional',
      detail: 'BREGMA_MIRROR is not set; data that are not embedded come from their origin',
    };
  return existsSync(folder)
    ? { ...about, state: 'ok', detail: folder }
    : {
        ...about,
        state: 'missing',
        detail: `${folder} is not there`,
        fix: 'Set BREGMA_MIRROR to a folder that exists, or unset it.',
      };
}

async function writeAccess(folder: string): Promise<Finding> {
  const about = { id: 'write', what: 'Write access' };
  const there = existsSync(path.join(folder, '.bregma'));
  const probe = there ? folder : mkdtempSync(path.join(existsSync(folder) ? folder : tmpdir(), '.bregma-doctor-'));
  try {
    openWorkspace(probe).close();
    return { ...about, state: 'ok', detail: folder };
  } catch (error) {
    return { ...about, state: 'missing', detail: messageOf(error), fix: 'Choose another folder with --workspace DIR.' };
  } finally {
    if (!there) rmSync(probe, { recursive: true, force: true });
  }
}

function disk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : path.parse(folder).root);
  const free = (bavail * bsize) / 1e9;
  return {
    id: 'disk',
    what: 'Free disk',
    state: free < 2 ? 'missing' : 'ok',
    detail: `${withDecimals(free, 1)} GB`,
    fix: free < 2 ? 'Free at least 2 GB.' : undefined,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}
