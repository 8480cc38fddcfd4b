import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasAgreed, noteAgreement, takesWordOfClient } from '@bregma/core/agreements';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, describe, expect, test } from 'vitest';
import { agreementTo } from '../../../mcp-servers/atlas/src/sources/agreement.ts';
import { findEntry } from '../../../mcp-servers/atlas/src/sources/registry.ts';
import { connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { bregmaInTerminal, bregmaProgram, noTerminal } from '../../fixtures/terminal.ts';
import { runAs } from '../../fixtures/witness.ts';

const id = 'celegans-causal-randi2023';
const settings = mkdtempSync(path.join(tmpdir(), 'bregma-agreed-'));
const space = temporaryWorkspace();
const env = { BREGMA_CONFIG: settings };
afterAll(() => {
  rmSync(settings, { recursive: true, force: true });
  space.remove();
});

describe('the terms of a data set', () => {
  test('are agreed to by a client as its word, which is on record and in the answer', async () => {
    const atlas = await connect('atlas', space.folder, { env });
    try {
      const { code, next } = await atlas.fail('add_data', { source: id });
      expect({ code, next }).toEqual({
        code: 'needs-agreement',
        next: expect.stringContaining('on record as your word'),
      });
      if (!process.env.BREGMA_MIRROR) return;
      const { value } = await atlas.call('add_data', { source: id, agree: true });
      expect(value.warnings).toContainEqual(expect.stringContaining("on record as the client's word"));
      const { ledger, close } = openWorkspace(space.folder);
      const [{ body }] = ledger.list('dataset');
      close();
      expect(body.agreed).toMatchObject({ by: 'client', client: expect.stringContaining('bregma-test') });
    } finally {
      await atlas.close();
    }
  });

  test('are agreed to by nobody but a person where a server takes no client’s word', async () => {
    const atlas = await connect('atlas', space.folder, { env: { ...env, BREGMA_AGREE: 'person' } });
    const { code, next } = await atlas.fail('add_data', { source: id, agree: true });
    await atlas.close();
    expect({ code, next }).toEqual({ code: 'needs-agreement', next: expect.stringContaining(`bregma agree ${id}`) });
    expect(takesWordOfClient({})).toBe(true);
  });

  test('say in their record who agreed, and are asked for again when they change', () => {
    const entry = findEntry(id);
    if (!entry?.terms) throw new Error(`${id} has no terms.`);
    const before = process.env.BREGMA_CONFIG;
    process.env.BREGMA_CONFIG = path.join(settings, 'another');
    try {
      expect(() => agreementTo(entry, false, 'c/1')).toThrow(/has terms/);
      expect(agreementTo(entry, true, 'c/1')).toEqual({ terms: entry.terms, by: 'client', client: 'c/1' });
      noteAgreement(id, entry.terms);
      expect(agreementTo(entry, false, 'c/1')).toEqual({ terms: entry.terms, by: 'person', client: 'c/1' });
      expect(() => agreementTo({ ...entry, terms: 'others' }, false, 'c/1')).toThrow(/has terms: others/);
    } finally {
      process.env.BREGMA_CONFIG = before;
    }
  });

  test('are not agreed to without a terminal', () => {
    const run = runAs(undefined, [process.execPath, ...bregmaProgram, 'agree', id, '--workspace', space.folder], {
      ...env,
      HOME: settings,
    });
    expect(run.code).not.toBe(0);
    expect(run.err).toContain('A person agrees to terms at a terminal');
    expect(existsSync(path.join(settings, 'agreements'))).toBe(false);
  });

  test.skipIf(noTerminal)('are agreed to by a person who types it, and by no other word', async () => {
    const own = temporaryWorkspace();
    const answer = (typed: string) =>
      bregmaInTerminal(['agree', id, '--workspace', own.folder], [{ asked: /Type agree if you do: /, typed }], env);
    expect((await answer('y')).code).not.toBe(0);
    expect(existsSync(path.join(settings, 'agreements'))).toBe(false);
    const { code, said } = await answer('agree');
    expect(code, said).toBe(0);
    const terms = findEntry(id)?.terms ?? '';
    expect(said.replace(/\s+/g, ' ')).toContain(terms.slice(0, 40));
    expect(hasAgreed(id, terms, env)).toBe(true);
    own.remove();
  });
});
