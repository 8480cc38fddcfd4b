import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { describe, expect, test } from 'vitest';
import { dataCard } from '../../../extension/src/catalogue/cards.ts';
import type { DataSummary } from '../../../extension/src/catalogue/summaries.ts';
import { cellText, dataDescription, twinCellText, validityText } from '../../../extension/src/catalogue/words.ts';

const data: DataSummary = {
  reference: 'mine-v1@2024',
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
    const twin = { id: 'twin-1', title: 'T', kind: 'k', data: 'd@1', exposure: 'private', fittedOn: 'all: 3 x' };
    expect(twinCellText(twin)).toBe('```bregma\ntool: run_twin\narguments:\n  twin: twin-1\n```\n');
  });

  test('say species, kind and licence, and show control characters instead of obeying them', () => {
    expect(dataDescription(data)).toBe('Mus musculus · measured · CC-BY-4.0');
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
