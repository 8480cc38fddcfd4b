import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDemoKey } from '@bregma/core/approval/demo-key';
import { fingerprint } from '@bregma/core/approval/statement';
import { personName } from '@bregma/core/approval/trusted';
import { BregmaError } from '@bregma/core/errors';
import { witnessService } from '@bregma/core/service/service';
import { writeWhole } from '@bregma/core/storage';
import { WitnessBook } from '@bregma/core/witness/book';
import type { CommandInput } from '../command.ts';
import { folderAsked } from '../service/asked.ts';

/** Lets the holder of a public key approve. */
export async function addApprover({ positionals: [name, file], values }: CommandInput): Promise<number> {
  if (!name || !file)
    throw new BregmaError('bad-input', 'An approver has a name and a file with a public key.', {
      next: 'bregma witness approver NAME FILE --folder DIR',
    });
  const clean = personName(name);
  const key = publicKeyIn(file);
  const digest = fingerprint(key);
  if (isDemoKey(digest))
    throw new BregmaError('not-allowed', 'That is the demonstration key: nobody stands behind it.');
  const book = new WitnessBook(folderAsked(witnessService, values));
  const place = path.join(book.approvers, `${clean.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest.slice(0, 8)}.pem`);
  book.close();
  writeWhole(place, `# name: ${clean}\n${key.export({ type: 'spki', format: 'pem' })}`, 0o600);
  console.log(`${clean} may approve with key ${digest}. To end that, remove ${place}`);
  return 0;
}

/** Lets a workspace in. */
export async function admitWorkspace({ positionals: [workspace = ''], values }: CommandInput): Promise<number> {
  const name = personName(String(values.name ?? ''));
  const book = new WitnessBook(folderAsked(witnessService, values));
  try {
    const before = book.admit(workspace, name);
    console.log(
      before
        ? `${name} was in already. What it spent stays spent; its ledger may go on from any record.`
        : `${name} is in: \`bregma witness join\` in that workspace does the rest.`,
    );
    return 0;
  } finally {
    book.close();
  }
}

function publicKeyIn(file: string): KeyObject {
  if (!existsSync(file))
    throw new BregmaError('missing', `There is no file ${file}.`, {
      next: 'It is what the approver’s `bregma witness key` printed.',
    });
  const text = readFileSync(file, 'utf8');
  try {
    if (/PRIVATE KEY/.test(text)) throw new Error('it is a private key, which nobody else should have');
    const key = createPublicKey(text.slice(text.indexOf('-----BEGIN')));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is of type ${key.asymmetricKeyType}`);
    return key;
  } catch (error) {
    throw new BregmaError(
      'bad-input',
      `${file} is no Ed25519 public key: ${error instanceof Error ? error.message : error}.`,
      {
        next: 'It is what the approver’s `bregma witness key` printed.',
      },
    );
  }
}
