import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from './canonical.ts';
import { settingsFolder } from './reading-policy.ts';

const listOf = (environment?: NodeJS.ProcessEnv) => path.join(settingsFolder(environment), 'agreements');
/** Terms that change are agreed to anew. */
const lineOf = (id: string, terms: string) => `${id} ${sha256(terms)}`;

/** Whether the person of these settings agreed to these very terms (`bregma agree ID`). */
export function hasAgreed(id: string, terms: string, environment?: NodeJS.ProcessEnv): boolean {
  const list = listOf(environment);
  return existsSync(list) && readFileSync(list, 'utf8').split('\n').includes(lineOf(id, terms));
}

/** Notes that the person agrees, outside every workspace. */
export function noteAgreement(id: string, terms: string, environment?: NodeJS.ProcessEnv): void {
  if (hasAgreed(id, terms, environment)) return;
  mkdirSync(settingsFolder(environment), { recursive: true, mode: 0o700 });
  appendFileSync(listOf(environment), `${lineOf(id, terms)}\n`, { mode: 0o600 });
}

/** Whether the word of a client counts: not where a person started the server with BREGMA_AGREE=person. */
export const takesWordOfClient = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  environment.BREGMA_AGREE !== 'person';
