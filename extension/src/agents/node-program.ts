import { execFile } from 'node:child_process';
import { nodeTooOld } from '@bregma/core/node-version';

/** A program that runs JavaScript as Node does. */
export interface NodeProgram {
  command: string;
  env?: Record<string, string>;
  /** e.g. 24.1.0 */
  version: string;
}

/** The editor's own Node: Electron must be told, a server's Node need not. */
export function editorNode(): NodeProgram {
  const { node, electron } = process.versions;
  return { command: process.execPath, version: node, ...(electron ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : {}) };
}

/** The Node that programs outside the editor should name: `node`, when the path leads to one that is new enough, else the editor's own. */
export async function nodeForAgents(env: NodeJS.ProcessEnv = process.env): Promise<NodeProgram> {
  const version = await versionOf('node', env);
  return version !== undefined && nodeTooOld(version) === undefined ? { command: 'node', version } : editorNode();
}

function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ['--version'], { env, timeout: 5000, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : /^v(\d+\.\d+\.\d+)/.exec(stdout)?.[1]),
    );
  });
}
