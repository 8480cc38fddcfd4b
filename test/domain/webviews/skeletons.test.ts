import { Camera, roundLength } from '@bregma/webviews/skeletons/camera';
import { ballAround, forestOf, readSwc } from '@bregma/webviews/skeletons/forest';
import { describe, expect, test } from 'vitest';

const swc = `# a root, a branching and two tips
1 1 0 0 0 1 -1
7 3 3 4 0 1 1
8 3 3 4 12 1 7
9 3 3 10 0 1 7
`;
const model = { title: 't', kind: 'measured' as const, space: { name: 's', unit: 'µm' } };

describe('a skeleton', () => {
  test('is read from SWC, whatever its nodes are numbered', () => {
    const { nodes, parent } = readSwc(swc, 'n');
    expect([...parent]).toEqual([-1, 0, 1, 1]);
    expect([...nodes.slice(6, 9)]).toEqual([3, 4, 12]);
  });
  test('has cable, branchings and tips', () => {
    const [tree] = forestOf({ ...model, neurons: [{ id: '1', name: 'n', swc }] });
    expect(tree).toMatchObject({ cable: 5 + 12 + 6, branchings: 1, tips: 2, roots: 1 });
  });
  test('with a parent that is not there is refused by name', () => {
    expect(() => readSwc('1 1 0 0 0 1 5', 'PN 3')).toThrow('Node 1 of “PN 3” has the parent 5, which is not there.');
    expect(() => readSwc('1 1 0 0 zero 1 -1', 'PN 3')).toThrow('Line 1 of the SWC of “PN 3” is not seven numbers');
  });
  test('lies in a ball that holds all of it', () => {
    const trees = forestOf({ ...model, neurons: [{ id: '1', name: 'n', swc }] });
    expect(ballAround(trees).centre).toEqual([1.5, 5, 6]);
  });
});

describe('a camera', () => {
  const size = { width: 400, height: 300 };
  test('keeps lengths across the picture however it is turned', () => {
    const camera = new Camera([1, 2, 3], 10);
    camera.orbit(0.7, -0.4);
    camera.orbit(-1.1, 0.2);
    const [x, y, depth] = camera.project(4, -1, 5, size);
    const pixels = Math.hypot(x - 200, y - 150, depth * 10 * camera.scale(size));
    expect(pixels).toBeCloseTo(Math.hypot(3, 3, 2) * camera.scale(size));
  });
  test('shows the middle in the middle', () => {
    const camera = new Camera([1, 2, 3], 10);
    camera.orbit(2, 1);
    expect(camera.project(1, 2, 3, size).map((value) => Math.round(value * 1e9) / 1e9)).toEqual([200, 150, 0]);
  });
});

test('a scale bar has a round length', () => {
  expect([0.9, 7, 20, 3456].map(roundLength)).toEqual([0.5, 5, 20, 2000]);
});
