import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { listDatasets } from '@bregma/core/ledger/catalogue';
import { Ledger } from '@bregma/core/ledger/ledger';
import { twinNames } from '@bregma/core/ledger/twin-names';
import { measured } from '@bregma/core/numbers';
import { afterAll, describe, expect, test } from 'vitest';
import { dataCard } from '../../../extension/src/catalogue/cards.ts';
import type { DataSummary } from '../../../extension/src/catalogue/summaries.ts';
import {
  cellText,
  dataDescription,
  twinCellText,
  unreadableText,
  validityText,
} from '../../../extension/src/catalogue/words.ts';
import { catalogue } from '../../../extension/src/store/queries/catalogue.ts';
import { attack } from '../../fixtures/hostile-records.ts';
import { anyRecord } from '../../fixtures/records.ts';

const data: DataSummary = {
  reference: 'mine-v1@2024',
  name: 'mine-v1',
  title: 'Mine',
  species: 'Mus musculus',
  kind: 'measured',
  licence: 'CC-BY-4.0',
  exposure: 'private',
  shape: 'tables',
  tables: [{ name: 'units', rows: 10, columns: 3 }],
  arrays: [],
  schema: 'mine_v1',
};

describe('the trees of data and twins', () => {
  test('make a data set a fenced SQL cell over its first table, and quote what SQL would misread', () => {
    expect(cellText(data)).toBe('```sql\nSELECT * FROM mine_v1.units LIMIT 100\n```\n');
    expect(cellText({ ...data, schema: '2p_v1' }, 'a "b"')).toBe(
      '```sql\nSELECT * FROM "2p_v1"."a ""b""" LIMIT 100\n```\n',
    );
    expect(cellText({ ...data, tables: [] })).toContain('tool: describe_data\narguments:\n  data: mine-v1@2024');
  });

  test('make a twin a fenced call that runs it', () => {
    const twin = {
      id: 'twin-1',
      name: 'T',
      title: 'T',
      kind: 'k',
      data: 'd@1',
      exposure: 'private',
      fittedOn: 'all: 3 x',
    };
    expect(twinCellText(twin)).toBe('```bregma\ntool: run_twin\narguments:\n  twin: twin-1\n```\n');
  });

  test('say species, kind and licence, and show control characters instead of obeying them', () => {
    expect(dataDescription(data)).toBe('measured · Mus musculus · CC-BY-4.0');
    expect(dataDescription({ ...data, licence: 'free\u202egpj' })).toContain('free⟨202e⟩gpj');
  });

  test('never call a validity that was not measured zero', () => {
    expect(validityText(undefined)).toBe('validity not measured');
    const validity = { activity: 'act-1', protocol: 'cv5', pearson: null, ceiling: null, control: null };
    expect(validityText(validity)).toBe('validity not measured');
    expect(validityText({ ...validity, pearson: 0.4691, ci: { low: 0.42, high: 0.4977 }, ceiling: 0.871 })).toBe(
      'r 0.469 [0.420, 0.498] of 0.871',
    );
  });

  test('give a card that leaves out what is not known', () => {
    const release: DatasetRelease = {
      id: 'mine-v1',
      release: '2024',
      card: {
        title: 'Mine',
        description: 'Units',
        modality: 'two-photon',
        kind: 'measured',
        cite: [],
        licence: 'CC0',
        exposure: 'private',
      },
      files: [],
      tables: [],
      arrays: [],
      shape: 'tables',
    };
    const card = dataCard(release, undefined);
    expect(card.sections.map(({ heading }) => heading)).toEqual(['About', 'Terms']);
    expect(JSON.stringify(card)).not.toContain('undefined');
  });
});

describe('the names of twins', () => {
  const twin: TwinCard = {
    id: 'twin-0000000000000001',
    kind: 'encoding-ridge',
    title: 'Ridge readout',
    data: 'mine-v1@2024',
    fittedOn: { part: 'first-half', n: 10, of: 'stimuli' },
    exposure: 'private',
    options: { pooling: 'grid', levels: 4 },
    seed: 0,
    files: [],
    summary: {},
    cite: [],
  };

  test('tell rivals of one kind apart by the settings in which they differ, and leave others alone', () => {
    const names = twinNames([
      twin,
      { ...twin, id: 'twin-0000000000000002', options: { pooling: 'global', levels: 4 } },
      { ...twin, id: 'twin-0000000000000003', title: 'Pixels' },
    ]);
    expect([...names.values()]).toEqual([
      { differs: 'pooling grid', name: 'pooling grid: Ridge readout' },
      { differs: 'pooling global', name: 'pooling global: Ridge readout' },
      { name: 'Pixels' },
    ]);
  });

  test('say that a setting was not given, and fall back on the id where nothing differs', () => {
    const [a, b] = twinNames([twin, { ...twin, id: 'twin-0000000000000002', options: { levels: 4 } }]).values();
    expect([a.differs, b.differs]).toEqual(['pooling grid', 'pooling not set']);
    const same = twinNames([twin, { ...twin, id: 'twin-abcdef0000000002' }]).values();
    expect([...same].map(({ differs }) => differs)).toEqual(['twin-000000', 'twin-abcdef']);
  });

  test('say up to 30 characters of a setting', () => {
    const of = (text: string) => ({ pooling: text, levels: 4 });
    const [a, b] = twinNames([
      { ...twin, options: of('x'.repeat(30)) },
      { ...twin, id: 'twin-0000000000000002', options: of('y'.repeat(31)) },
    ]).values();
    expect([a.differs, b.differs]).toEqual([`pooling ${'x'.repeat(30)}`, `pooling ${'y'.repeat(29)}…`]);
  });

  test('round a control that is nearly zero without a sign', () => {
    expect([measured(-0.00001), measured(-0.0006), measured(0.4694)]).toEqual(['0.000', '-0.001', '0.469']);
  });
});

describe('records of data and twins that cannot be read', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-catalogue-'));
  const ledger = new Ledger(folder);
  const unknown = {
    id: attack,
    card: { kind: attack },
    title: attack,
    kind: attack,
    data: attack,
    options: {},
    files: [],
  };
  ledger.append([anyRecord('dataset', 'hostile@1', unknown), anyRecord('twin', 'twin-00000000000000aa', unknown)]);
  afterAll(() => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const parserWords = /invalid_|expected string|"code"|zod/i;

  test('are rows that name the record, what is wrong with it and what to do, in plain words', () => {
    const task = { signal: new AbortController().signal, report: () => {} };
    const objects = new OpenObjects(path.join(folder, 'objects'), () => ledger);
    const { data, twins, unreadable } = catalogue({ ledger, bregma: folder, objects, task });
    expect([data, twins]).toEqual([[], []]);
    const row = unreadableText(unreadable.data[0], 'data set');
    expect(row.description).toMatch(/^“id” has a form that this Bregma does not know; .*“card.title” is missing/);
    expect(row.tooltip).toMatch(/^The record rec-[0-9a-f]{16} of the data set /);
    expect(row.tooltip).toContain('add_data: the newer record takes its place');
    const twin = unreadableText(unreadable.twins[0], 'twin');
    expect(twin.description).toMatch(/“fittedOn” is missing; “exposure” is missing; “seed” is missing/);
    for (const text of [row.description, row.tooltip, twin.description, twin.tooltip]) {
      expect(text).not.toMatch(parserWords);
      expect(text.length).toBeLessThan(600);
    }
  });

  test('stop a server that looks for data, with the same words', () => {
    expect(() => listDatasets(ledger)).toThrow(/The record rec-[0-9a-f]{16} of the data set .* cannot be read: “/);
  });
});
