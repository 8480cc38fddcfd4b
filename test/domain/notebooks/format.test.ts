import { type Cell, type CellContent, plainLines } from '@bregma/notebooks/document';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const written = `---
title: Wiring of *C. elegans*
releases: [celegans-cook2019@cook2019]
---

# What is there

Some \`prose\`.

\`\`\`sql name=cells activity=act-0123456789abcdef
SELECT type, count(*) AS n
FROM celegans_cook2019.neurons GROUP BY 1
\`\`\`

~~~~vega-lite name=chart
{"data": {"name": "cells"}}
~~~~
\`\`\`python
print('prose')
\`\`\`
`;

/** Lines that tempt a reader of Markdown. */
const line = fc.oneof(
  fc.constantFrom(
    '',
    '---',
    '```',
    '````',
    '~~~',
    '```sql',
    '```sql name=a activity=act-0123456789abcdef x=1',
    '~~~~bregma name=b',
    '```vega-lite',
    '```hypothesis',
    '```python',
    '   ```sql',
    '    ```sql',
    '``` sql `',
    '<!--',
    '-->',
    '<!-- cell -->',
    '<!-- one line -->',
    'SELECT 1',
    '# title',
    '\uFEFF',
    '\u2028',
    '\r',
  ),
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
);
const text = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 25 }), line)
  .map(
    ([bom, lines, last]) =>
      `${bom ? '\uFEFF' : ''}${lines.map((pair) => pair.join('')).join('')}${last === '\r' ? '' : last}`,
  );

const cellText = fc
  .array(line, { maxLength: 8 })
  .map((lines) => lines.join('\n').replace(/\r\n?/g, '\n').replaceAll('\uFEFF', ''));
const content: fc.Arbitrary<CellContent> = fc.oneof(
  cellText.map((value): CellContent => ({ kind: 'prose', text: value })),
  fc.record({
    kind: fc.constantFrom('sql', 'bregma', 'vega-lite', 'hypothesis'),
    info: fc.record({ name: fc.constantFrom(undefined, 'cells'), more: fc.constant<string[]>([]) }),
    text: cellText,
  }) as fc.Arbitrary<CellContent>,
);

describe('a notebook file', () => {
  test('is read into prose and cells with names and activities', () => {
    const { cells, frontMatter } = parse(written);
    expect(frontMatter).toContain('releases:');
    expect(cells.map(({ kind }) => kind)).toEqual(['prose', 'sql', 'vega-lite', 'prose']);
    expect(cells[1]).toMatchObject({
      info: { name: 'cells', activity: 'act-0123456789abcdef', more: [] },
      text: 'SELECT type, count(*) AS n\nFROM celegans_cook2019.neurons GROUP BY 1',
    });
    expect(cells[3].text).toBe("```python\nprint('prose')\n```");
  });

  test('is written byte for byte as it was read, whatever it holds', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(serialize(parse(value))).toBe(value);
      }),
      { numRuns: 3000 },
    );
  });

  test('changes in the changed cell alone', () => {
    const notebook = parse(written.replaceAll('\n', '\r\n'));
    (notebook.cells[2] as { text: string }).text = '{}\n~~~~\n';
    const after = serialize(notebook);
    expect(after).toBe(
      written
        .replace(
          '~~~~vega-lite name=chart\n{"data": {"name": "cells"}}\n~~~~',
          '~~~~~vega-lite name=chart\n{}\n~~~~\n\n~~~~~',
        )
        .replaceAll('\n', '\r\n'),
    );
  });

  test('leaves a changed cell the line ends that it had, also where the file begins with others', () => {
    const mixed = '# A\r\n\r\n```sql\nSELECT 1\n```\n\r\nThe end.\r\n';
    const notebook = parse(mixed);
    (notebook.cells[1] as { text: string }).text = 'SELECT\n2';
    expect(serialize(notebook)).toBe(mixed.replace('SELECT 1', 'SELECT\n2'));
  });

  test('keeps every other cell apart from an edited one, whatever the edit', () => {
    fc.assert(
      fc.property(
        text,
        content,
        fc.nat(),
        fc.constantFrom('insert', 'replace', 'remove', 'last'),
        (value, next, at, how) => {
          const notebook = parse(value);
          const { cells } = notebook;
          const place = cells.length === 0 ? 0 : at % cells.length;
          if (how === 'insert') cells.splice(place, 0, { ...next });
          else if (how === 'remove') cells.splice(place, 1);
          else if (how === 'last') cells.push(...cells.splice(place, 1));
          else if (cells.length > 0) cells[place] = { ...next, raw: cells[place].raw } as Cell;
          cells.push(last);
          const again = parse(serialize(notebook));
          const wanted = cells.flatMap(whole).filter(notBlank);
          expect(again.cells.filter(notBlank).map(bare)).toEqual(wanted.map(bare));
          expect((again.frontMatter ?? '').trimEnd()).toBe((notebook.frontMatter ?? '').trimEnd());
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('a commented cell, an indented one and one inside a longer fence are prose and cannot run', () => {
    for (const hidden of [
      '<!--\n```sql\nSELECT 1\n```\n-->',
      '  ```sql\n  SELECT 1\n  ```',
      '`````md\n```sql\nSELECT 1\n```\n`````',
    ])
      expect(parse(hidden).cells.map(({ kind }) => kind)).toEqual(['prose']);
  });

  test('prose that leaves a fence or a comment open does not take in the cells below it', () => {
    const sql: Cell = { kind: 'sql', info: { more: [] }, text: 'SELECT 1' };
    for (const open of ['```python\nx = 1', '<!-- not ended', '~~~~~']) {
      const again = parse(serialize({ bom: false, eol: '\n', cells: [{ kind: 'prose', text: open }, sql] }));
      expect(again.cells.map(({ kind }) => kind)).toEqual(['prose', 'sql']);
      expect(again.cells[0].text.startsWith(open)).toBe(true);
    }
  });

  test('a megabyte on one line is read and written again', () => {
    const value = `# a\n\n${'`'.repeat(1_000_000)}\n${'<!--'.repeat(250_000)}\n\n\`\`\`sql\n${'x'.repeat(1_000_000)}\n\`\`\`\n`;
    expect(serialize(parse(value))).toBe(value);
  });
});

const last: Cell = { kind: 'sql', info: { more: [] }, text: 'SELECT 0' };

/** The cells that a cell becomes in a file: prose with a fence or a break inside is several. */
const whole = (cell: CellContent): CellContent[] =>
  cell.kind === 'prose'
    ? parse(serialize({ bom: false, eol: '\n', cells: [{ kind: 'prose', text: cell.text }, last] })).cells.slice(0, -1)
    : [cell];
const notBlank = (cell: CellContent) => cell.kind !== 'prose' || cell.text !== '';
const bare = (cell: CellContent) => ({
  kind: cell.kind,
  text: cell.kind === 'prose' ? cell.text.replace(/[\s\uFEFF]+/g, ' ').trim() : plainLines(cell.text),
  name: cell.kind === 'prose' ? undefined : cell.info.name,
});
