import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { troublesOf } from '@bregma/notebooks/troubles';
import { describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

const cases = path.join(root, '../shared/cases/editor');
const mine = '```sql name=q\nSELECT 1 AS one\n```\n';
const theirs = '```sql name=q\nSELECT 2 AS one\n```\n';
/** What stands for each code cell: `conflict`, `name`, or nothing. */
const told = (text: string) => {
  const notebook = parse(text);
  return troublesOf(notebook).flatMap((trouble, i) => {
    if (notebook.cells[i].kind === 'prose') return [];
    if (trouble === undefined) return '';
    return trouble.includes('merge conflict') ? 'conflict' : 'name';
  });
};

describe('a cell may not run', () => {
  test('where Git has left both sides of a merge, whichever part of the notebook they are in', () => {
    const sides = (a: string, b: string) => `<<<<<<< HEAD\n${a}=======\n${b}>>>>>>> branch\n`;
    expect(told(`${sides(mine, theirs)}\n\`\`\`sql name=r\nSELECT 3\n\`\`\`\n`)).toEqual(['conflict', 'conflict', '']);
    expect(told(`\`\`\`sql name=q\n${sides('SELECT 1\n', 'SELECT 2\n')}\`\`\`\n`)).toEqual(['conflict']);
    expect(told(`---\n${sides('title: A\n', 'title: B\n')}---\n\n${mine}`)).toEqual(['conflict']);
    expect(told(sides(`${mine}||||||| base\n`, theirs).replaceAll('\n', '\r\n'))).toEqual(['conflict', 'conflict']);
  });

  test('under a name that another cell has', () => {
    expect(told(`${mine}\n${theirs}\n\`\`\`plot\ndata: q\n\`\`\`\n`)).toEqual(['name', 'name', '']);
  });

  test('and else may: a heading that is underlined, arrows and comparisons are no conflict', () => {
    expect(told(`Title\n=======\n\n${mine}`)).toEqual(['']);
    expect(told(`<<<<<<< is how Git begins\n\n${mine}`)).toEqual(['']);
    expect(told('```sql\nSELECT 1 << 7\n```\n')).toEqual(['']);
  });

  test.skipIf(!existsSync(cases)).each([
    ['conflict-activity.bregma.md', ['conflict', 'conflict']],
    ['conflict-cell.bregma.md', ['conflict', 'conflict', '', '']],
    ['conflict-front.bregma.md', ['conflict']],
    ['duplicate-names.bregma.md', ['name', 'name', '']],
  ])('as in %s, whose bytes stay', (file, wanted) => {
    const text = readFileSync(path.join(cases, file), 'utf8');
    expect(told(text)).toEqual(wanted);
    expect(serialize(parse(text))).toBe(text);
  });
});
