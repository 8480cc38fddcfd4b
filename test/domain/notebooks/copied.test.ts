import { copiesIn } from '@bregma/notebooks/copied';
import { parse } from '@bregma/notebooks/parse';
import { describe, expect, test } from 'vitest';

const cell = (digit: string) => `\`\`\`sql activity=act-${digit.repeat(16)}\nSELECT ${digit}\n\`\`\`\n\n`;

describe('a cell that was put into a notebook', () => {
  test('is a copy when a cell that stands there has its result', () => {
    const { cells } = parse(`${cell('1')}${cell('2')}${cell('1')}`);
    expect(copiesIn(cells, [2])).toEqual([2]);
  });

  test('keeps a result that no other cell has: it was cut and is put back', () => {
    const { cells } = parse(`${cell('1')}${cell('2')}\`\`\`sql\nSELECT 3\n\`\`\`\n`);
    expect(copiesIn(cells, [1, 2])).toEqual([]);
  });
});
