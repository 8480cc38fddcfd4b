import { mergeCells } from '@bregma/notebooks/merge';
import { parse } from '@bregma/notebooks/parse';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const cells = (...texts: string[]) =>
  texts.flatMap(
    (text) =>
      parse(text.startsWith('#') ? text : `\`\`\`sql${text.startsWith(' ') ? '' : '\n'}${text}\n\`\`\`\n`).cells,
  );
const texts = (merged: ReturnType<typeof mergeCells>) => merged.cells.map(({ text }) => text);

const base = cells('# Title', ' name=a\nSELECT 1', ' name=b\nSELECT 2', 'SELECT 3');

describe('two versions of a notebook', () => {
  test('that change different cells are merged, also when the cells are neighbours', () => {
    const mine = cells('# Title', ' name=a\nSELECT 10', ' name=b\nSELECT 2', 'SELECT 3');
    const theirs = cells('# Title', ' name=a\nSELECT 1', ' name=b\nSELECT 20', 'SELECT 3', 'SELECT 4');
    const merged = mergeCells(base, mine, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(texts(merged)).toEqual(['# Title', 'SELECT 10', 'SELECT 20', 'SELECT 3', 'SELECT 4']);
  });

  test('that change one cell differently are a conflict, and neither is lost', () => {
    const mine = cells('# Title', ' name=a\nSELECT 10', ' name=b\nSELECT 2', 'SELECT 3');
    const theirs = cells('# Title', ' name=a\nSELECT 11', ' name=b\nSELECT 2', 'SELECT 3');
    const { conflicts } = mergeCells(base, mine, theirs);
    expect(conflicts.map((one) => [one.mine?.text, one.theirs?.text])).toEqual([['SELECT 10', 'SELECT 11']]);
    expect(texts(mergeCells(base, mine, theirs, 'theirs'))[1]).toBe('SELECT 11');
  });

  test('of which one deleted what the other changed are a conflict', () => {
    const mine = cells('# Title', ' name=a\nSELECT 10', ' name=b\nSELECT 2', 'SELECT 3');
    const theirs = cells('# Title', ' name=b\nSELECT 2', 'SELECT 3');
    expect(mergeCells(base, mine, theirs).conflicts).toHaveLength(1);
  });

  test('of which one ran a cell and the other changed its text keep both', () => {
    const mine = cells('# Title', ' name=a activity=act-0123456789abcdef\nSELECT 1', ' name=b\nSELECT 2', 'SELECT 3');
    const theirs = cells('# Title', ' name=a\nSELECT 11', ' name=b\nSELECT 2', 'SELECT 3');
    const merged = mergeCells(base, mine, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(merged.cells[1]).toMatchObject({ text: 'SELECT 11', info: { activity: 'act-0123456789abcdef' } });
  });

  test('merge to the changed one when only one side changed, whatever the change', () => {
    const version = fc
      .array(fc.constantFrom('# Title', ' name=a\nSELECT 1', ' name=b\nSELECT 2', 'SELECT 3', 'SELECT 4', '# x'), {
        maxLength: 8,
      })
      .map((list) => cells(...list));
    fc.assert(
      fc.property(version, version, (before, after) => {
        const wanted = after.map(({ text }) => text);
        expect([texts(mergeCells(before, before, after)), texts(mergeCells(before, after, before))]).toEqual([
          wanted,
          wanted,
        ]);
        expect(mergeCells(before, before, after).conflicts).toEqual([]);
      }),
    );
  });
});
