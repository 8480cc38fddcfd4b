import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { type Container, Tree } from '../container/container.ts';
import { isHdf5, openHdf5 } from '../hdf5/open-hdf5.ts';
import { openRegular } from '../regular-file.ts';
import { DamagedMat, Spool } from './bytes.ts';
import { isMat4, variablesOfMat4 } from './open-mat4.ts';
import { variablesOfMat5 } from './open-mat5.ts';
import { isMat73, variablesOfMat73 } from './open-mat73.ts';
import { MatTree } from './tree.ts';
import type { MatValue } from './value.ts';

/** A file of MATLAB as a tree of arrays, and which of its versions it is; `hdf5`: HDF5 that MATLAB did not write. */
export interface OpenedMat {
  container: Container;
  version: 4 | 5 | 7.3 | 'hdf5';
}

/**
 * Opens a file of MATLAB 4 to 7.3. spoolPath: of a file that is not there yet, for what is inflated. Throws `bad-input` for what is none,
 * `corrupt` for what is damaged.
 */
export async function openMat(file: string, spoolPath: string, signal: AbortSignal): Promise<OpenedMat> {
  const name = path.basename(file);
  try {
    return isHdf5(file) ? await openVersion73(file, signal) : await openOlder(file, name, spoolPath, signal);
  } catch (error) {
    throw error instanceof DamagedMat ? damaged(name, error) : error;
  }
}

async function openVersion73(file: string, signal: AbortSignal): Promise<OpenedMat> {
  const hdf5 = await openHdf5(file, signal);
  try {
    const tree = new Tree(hdf5);
    if (!isMat73(tree)) return { container: hdf5, version: 'hdf5' };
    const variables = await variablesOfMat73(tree);
    return { container: container(variables, path.basename(file), hdf5.bytes, () => hdf5.close()), version: 7.3 };
  } catch (error) {
    hdf5.close();
    throw error;
  }
}

async function openOlder(file: string, name: string, spoolPath: string, signal: AbortSignal): Promise<OpenedMat> {
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  let spool: Spool | undefined;
  const close = () => {
    opened.close();
    spool?.close();
  };
  try {
    const head = opened.read(0, 128);
    if (!isMat5(head) && isMat4(head))
      return { container: container(variablesOfMat4(opened), name, opened.size, close), version: 4 };
    if (!isMat5(head))
      throw new BregmaError('bad-input', `${name} is no file of MATLAB: its head does not say so.`, {
        next: 'Give a file that MATLAB saved, or name its format.',
      });
    spool = new Spool(spoolPath);
    const variables = await variablesOfMat5(opened, spool, signal);
    return { container: container(variables, name, opened.size, close), version: 5 };
  } catch (error) {
    close();
    throw error;
  }
}

/** The head of level 5 says the order of its bytes and version 1. */
function isMat5(head: Buffer): boolean {
  const order = head.length < 128 ? '' : head.toString('latin1', 126, 128);
  const version = order === 'IM' ? head.readUInt16LE(124) : order === 'MI' ? head.readUInt16BE(124) : 0;
  return version === 0x0100;
}

function container(variables: Map<string, MatValue>, name: string, bytes: number, close: () => void): Container {
  const tree = new MatTree(variables);
  return {
    nodes: tree.nodes,
    bytes,
    notes: () => tree.notes,
    async read(inner, start, count) {
      try {
        return await tree.read(inner, start, count);
      } catch (error) {
        throw error instanceof DamagedMat ? damaged(name, error, inner) : error;
      }
    },
    close,
  };
}

const damaged = (name: string, { message }: DamagedMat, inner?: string) =>
  new BregmaError('corrupt', `${inner ? `${inner} of ` : ''}${name} cannot be read: ${message}.`, {
    next: 'Copy the file again, or save it anew; nothing was added.',
    fields: { file: name },
  });
