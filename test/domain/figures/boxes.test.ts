import { captioned } from '@bregma/figures/captioned';
import { boxesIn, boxesInWords } from '@bregma/figures/rasterise';
import { expect, test } from 'vitest';

const svg = (words: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><title>題</title><text>${words}</text></svg>`;

test('characters that the font of pictures lacks are named, each once; its own are not', () => {
  expect(boxesIn(svg('Rate (Hz) · µm² ≥ 3 ± 1 → “Ångström” Ελλ Кир'))).toEqual([]);
  expect(boxesIn(svg('皮質 rate 皮 العصب'))).toEqual(['皮', '質', 'ا', 'ل', 'ع', 'ص', 'ب']);
  expect(boxesInWords(svg('皮質'))).toBe('The PNG shows boxes for 皮 質, which its font lacks; the SVG has them.');
  expect(boxesInWords(svg('rate'))).toBeUndefined();
});

test('a finished drawing gets its title, kind, n and source around it', () => {
  const whole = captioned('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect/></svg>', {
    title: 'Rates & more',
    kind: 'measured',
    n: { count: 12, of: 'neurons' },
    release: ['session@1'],
    activity: 'act-0123456789abcdef',
  });
  for (const words of ['Rates &amp; more', 'measured', 'n = 12 neurons', 'session@1, act-0123456789abcdef'])
    expect(whole).toContain(words);
});
