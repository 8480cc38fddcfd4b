import { fromQuarto, toQuarto } from '@bregma/notebooks/export/quarto';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const text = `---
title: Wiring
releases: [celegans-cook2019@2019]
---

# Wiring

\`\`\`sql name=cells more="a & b"
SELECT 1 AS n
\`\`\`

\`\`\`{python}
print("another's program")
\`\`\`

~~~plot
data: cells
~~~

<!-- bregma results
cells act-1111111111111111
-->
`;
/** A picture that no view draws: its values. */
const picture = { view: 'json', model: { title: 'T', kind: 'measured', note: '```\n<!-- bregma output ends -->' } };
const quarto = (notebook: string, pictures = [picture]) => {
  const read = parse(notebook);
  const cells = read.cells.map((cell) => ({ cell, pictures: cell.kind === 'prose' ? [] : pictures }));
  return toQuarto(read, cells, () => Promise.reject(new Error('no chart here')));
};
const back = (qmd: string) => serialize(fromQuarto(qmd).notebook);

describe('a Quarto document', () => {
  test('holds the text, shows what cells show, and runs nothing', async () => {
    const qmd = await quarto(text);
    expect(qmd).toContain('```{.sql bregma="sql name=cells more=&quot;a &amp; b&quot;"}\nSELECT 1 AS n\n```\n');
    expect(qmd).toContain('~~~{.plot bregma="plot"}');
    expect(qmd.match(/\{=html\}\n<figure>/g)).toHaveLength(2);
    // Quarto runs a fence whose braces begin with a word.
    expect(qmd.match(/^ {0,3}(```+|~~~+)\s*\{\s*[A-Za-z]/gm)).toBeNull();
    expect(qmd.startsWith('---\ntitle: Wiring\n')).toBe(true);
  });

  test('comes back byte by byte, and with what was edited in it', async () => {
    const qmd = await quarto(text);
    expect(back(qmd)).toBe(text);
    expect(back(qmd.replace('# Wiring', '# The wiring').replace('SELECT 1', 'SELECT 2'))).toBe(
      text.replace('# Wiring', '# The wiring').replace('SELECT 1', 'SELECT 2'),
    );
    // Words that somebody wrote into an output are theirs.
    expect(back(qmd.replace('<figure>', '<figure>My words.'))).toContain('My words.');
  });

  test('comes back byte by byte whatever the notebook holds', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '---',
        '```',
        '~~~',
        '```sql',
        '```sql name=a x="1"',
        '```{r}',
        '~~~{.sql bregma="sql"}',
        '<!--',
      ),
      fc.constantFrom('-->', '<!-- bregma results', 'a act-1111111111111111', 'SELECT 1', '```plot', '# title', '````'),
      fc.string({ unit: 'grapheme' }).map((words) => words.replaceAll('\n', ' ')),
    );
    const any = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(any, async (lines) => {
        const notebook = lines.flat().join('');
        expect(back(await quarto(notebook))).toBe(notebook);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['```plot', '<!--', '~~~'])('comes back where its front matter holds %s', async (line) => {
    const notebook = `---\n${line}\n---\n\`\`\`sql name=a\nSELECT 1\n\`\`\`\n`;
    expect(back(await quarto(notebook))).toBe(notebook);
  });

  test('of somebody else becomes a notebook: SQL with its label, other languages as prose that says so', () => {
    const { notebook, others } = fromQuarto(
      '# Theirs\n\n```{sql}\n#| label: cells\n#| connection: db\nSELECT 1\n```\n\n```{r}\n1 + 1\n```\n\n```{.python}\nshown\n```\n',
    );
    expect(others).toBe(1);
    expect(notebook.cells.map(({ kind }) => kind)).toEqual(['prose', 'sql', 'prose']);
    expect(notebook.cells[1]).toMatchObject({ info: { name: 'cells' }, text: '-- | connection: db\nSELECT 1' });
    expect(notebook.cells[2].text).toContain('```r\n1 + 1\n```');
  });
});
