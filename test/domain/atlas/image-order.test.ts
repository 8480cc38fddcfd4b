import type { BregmaError } from '@bregma/core/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { naturalOrder, orderOf } from '../../../mcp-servers/atlas/src/read/images/order.ts';

const inOrder = (names: string[]) => naturalOrder(names, 'set').positions.map((at) => names[at]);
const refused = (names: string[]): BregmaError => {
  try {
    throw new Error(`were put in the order ${inOrder(names)}`);
  } catch (error) {
    return error as BregmaError;
  }
};

describe('the natural order of names', () => {
  test.each<[string, string[]]>([
    ['numbers by their amount', ['im1.png', 'im2.png', 'im10.png']],
    ['zeros before numbers', ['im008.jpg', 'im009.jpg', 'im010.jpg', 'im0100.jpg']],
    ['the class before the number', ['face_1.png', 'face_2.png', 'face_10.png', 'house_1.png', 'house_2.png']],
    ['the number before the class, where it stands before', ['1_face.png', '1_house.png', '2_face.png', '10_face.png']],
    ['decimals', ['sf_0.05.png', 'sf_0.1.png', 'sf_0.125.png', 'sf_0.5.png', 'sf_1.png', 'sf_2.5.png', 'sf_16.png']],
    ['signs', ['pos-10.png', 'pos-5.png', 'pos0.png', 'pos5.png', 'pos10.png']],
    ['signs and decimals', ['x_-1.5.png', 'x_-0.5.png', 'x_0.png', 'x_0.5.png', 'x_+1.5.png']],
    ['two signed numbers', ['x-5_y-2.png', 'x-5_y2.png', 'x5_y-2.png', 'x5_y0.png']],
    ['dashes that part, not subtract', ['img-1.png', 'img-2.png', 'img-10.png']],
    ['dates', ['2024-01-02.png', '2024-01-10.png', '2024-11-01.png']],
    ['folders one after the other', ['s1/i1.png', 's1/i2.png', 's2/i1.png', 's10/i1.png']],
    ['a suffix that is the same for all', ['image1_v2.png', 'image2_v2.png', 'image10_v2.png']],
    ['a size that is the same for all', ['s1_64x64.png', 's2_64x64.png', 's11_64x64.png']],
    ['numbers longer than any number', ['n720575940620875392.png', 'n720575940620875399.png']],
    ['words', ['apple.png', 'Bread.png', 'cherry.png']],
    ['parts of a version', ['v1.2.9.png', 'v1.2.10.png', 'v1.10.1.png']],
  ])('%s', (_, names) => {
    expect(inOrder([...names].reverse())).toEqual(names);
    expect(inOrder([...names].sort())).toEqual(names);
  });

  test('does not depend on how the files were listed', () => {
    const name = fc.tuple(fc.constantFrom('face', 'house', 'x'), fc.integer({ min: -99, max: 99 }), fc.nat(9));
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { selector: String, minLength: 2, maxLength: 30 }),
        fc.integer(),
        (drawn, seed) => {
          const names = drawn.map(([word, a, b]) => `${word}_${a}_${b}.png`);
          const mixed = [...names].sort((a, b) => ((a.length * 31 + seed) % 7) - ((b.length * 31 + seed) % 7));
          expect(inOrder(mixed)).toEqual(inOrder(names));
        },
      ),
    );
  });

  test('numbers of one scheme are in the order of numbers, whatever their signs, zeros and decimals', () => {
    const amount = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.constantFrom('', '.25', '.5'));
    fc.assert(
      fc.property(
        fc.uniqueArray(amount, { selector: ([a, b]) => `${a}${b}`, minLength: 2, maxLength: 20 }),
        (drawn) => {
          const names = drawn.map(([whole, part]) => `ori_${whole}${part}.png`);
          const numbers = inOrder(names).map((name) => Number(name.slice(4, -4)));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('an order that is not sure is refused, with the orders that are possible', () => {
  test.each<[string, string[], RegExp]>([
    [
      'one number with and without zeros',
      ['im1.png', 'im01.png', 'im2.png'],
      /im1\.png and im01\.png have one place|im01\.png and im1\.png have one place/,
    ],
    ['one name with two endings', ['im1.png', 'im1.jpg', 'im2.png'], /have one place/],
    ['names of two schemes', ['1.png', '2.png', 'img3.png'], /named by different schemes/],
    ['some without a number', ['img1.png', 'img2.png', 'blank.png'], /named by different schemes/],
    ['files beside folders', ['blank.png', 's1/i1.png', 's1/i2.png'], /lies beside folders/],
    ['a dot that parts or is a decimal sign', ['t1.2.png', 't1.10.png', 't2.1.png'], /decimal sign/],
    ['a comma that parts or is a decimal sign', ['p1,5.png', 'p1,25.png', 'p2,1.png'], /decimal sign/],
  ])('%s', (_, names, why) => {
    const error = refused(names);
    expect(error.message).toMatch(why);
    expect(error.message).toMatch(/Possible are "natural": .*\.png/);
    expect(error.next).toContain('options.order');
  });

  test('and can be said', () => {
    const names = ['img2.png', 'img10.png', 'blank.png'];
    const order = (wish: 'natural' | 'name' | 'file' | string[]) =>
      orderOf(names, wish, 'set', true).positions.map((at) => names[at]);
    expect(order('natural')).toEqual(['blank.png', 'img2.png', 'img10.png']);
    expect(order('name')).toEqual(['blank.png', 'img10.png', 'img2.png']);
    expect(order('file')).toEqual(names);
    expect(order(['img10', 'blank', 'img2.png'])).toEqual(['img10.png', 'blank.png', 'img2.png']);
    expect(() => orderOf(names, 'file', 'set', false)).toThrow('no order of their own');
  });
});
