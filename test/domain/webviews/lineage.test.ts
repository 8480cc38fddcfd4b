import { bringInto, fitCamera, zoomAt } from '@bregma/webviews/lineage/camera';
import {
  collapse,
  expand,
  graphOf,
  pageOfMembers,
  parseState,
  pictureOf,
  reveal,
  search,
  searchFor,
  untouched,
} from '@bregma/webviews/lineage/graph';
import { layOut } from '@bregma/webviews/lineage/layout';
import type { LineageModel } from '@bregma/webviews/lineage/model';
import { stepFrom } from '@bregma/webviews/lineage/steps';
import { describe, expect, test } from 'vitest';

const node = (id: string, kind: string, label = id, more: object = {}) => ({ id, kind, label, ...more });

/** A claim with one verdict on an experiment on data; the verdict was made by a call. */
const claim: LineageModel = {
  roots: ['hyp', 'tst'],
  nodes: [
    node('hyp', 'hypothesis', 'A claim'),
    node('tst', 'test', 'p1', { status: 'supported' }),
    node('exp', 'experiment'),
    node('apr', 'approval'),
    node('plan', 'plan'),
    node('data', 'dataset', 'Recording', { valueKind: 'measured' }),
    node('raw', 'file'),
    node('act-test', 'activity', 'test_hypothesis', { status: 'ok' }),
  ],
  edges: [
    ['hyp', 'tst', 'tested'],
    ['exp', 'tst', 'evidence'],
    ['act-test', 'tst', 'made'],
    ['exp', 'act-test', 'used'],
    ['apr', 'exp', 'permitted'],
    ['plan', 'apr', 'signed over'],
    ['hyp', 'plan', 'planned for'],
    ['data', 'plan', 'subject'],
    ['raw', 'data', 'read from'],
  ],
};

/** `count` activities of three tools over one data set, joined by a root. */
function many(count: number): LineageModel {
  const tools = ['query_data', 'run_twin', 'validate_twin'];
  const ids = Array.from({ length: count }, (_, i) => `act-${i}`);
  return {
    roots: ['root'],
    nodes: [
      node('root', 'activity', 'join_data', { status: 'ok' }),
      node('data', 'dataset'),
      ...ids.map((id, i) =>
        node(id, 'activity', tools[i % 3], { status: i % 100 === 99 ? 'failed' : 'ok', valueKind: 'derived' }),
      ),
    ],
    edges: ids.flatMap((id): LineageModel['edges'] => [
      [id, 'root', 'used'],
      ['data', id, 'used'],
    ]),
  };
}

describe('a claim', () => {
  const graph = graphOf(claim);
  const picture = pictureOf(graph, untouched);

  test('stands first: it leads to its verdict, and nothing leads back to it', () => {
    expect(picture.arrows).toContainEqual({ user: 'hyp', source: 'tst', as: ['tested by'], count: 1 });
    expect(picture.arrows.filter(({ source }) => source === 'hyp')).toEqual([]);
  });

  test('is drawn with the calls folded into what they made, and what such a call used is not lost', () => {
    expect(picture.boxes.map(({ id }) => id)).not.toContain('act-test');
    expect(picture.boxes.find(({ id }) => id === 'tst')?.madeBy).toBe('act-test');
    expect(picture.arrows.find(({ user, source }) => user === 'tst' && source === 'exp')?.as).toEqual([
      'evidence',
      'used',
    ]);
    const whole = pictureOf(graphOf(claim, true), { ...untouched, calls: true });
    expect(whole.boxes.map(({ id }) => id)).toContain('act-test');
  });

  test('lies to the left of everything that it rests on, layer by layer', () => {
    const { at } = layOut(picture);
    const x = (id: string) => at.get(id)?.x ?? Number.NaN;
    const path = ['hyp', 'tst', 'exp', 'apr', 'plan', 'data', 'raw'];
    for (let i = 1; i < path.length; i++) expect(x(path[i])).toBeGreaterThan(x(path[i - 1]));
  });

  test('is walked with the arrow keys to its raw file and back', () => {
    const placed = layOut(picture);
    let id = 'hyp';
    const right: string[] = [];
    for (let next = stepFrom(id, 'right', picture, placed); next; next = stepFrom(id, 'right', picture, placed)) {
      id = next;
      right.push(id);
    }
    expect(right).toEqual(['tst', 'exp', 'apr', 'plan', 'data', 'raw']);
    expect(stepFrom('tst', 'left', picture, placed)).toBe('hyp');
    expect(stepFrom('raw', 'right', picture, placed)).toBeUndefined();
  });

  test('is walked past the calls beside its experiment and the files that calls read and wrote, wherever boxes found room', () => {
    const calls = ['act-1', 'act-2', 'act-3'];
    const busy: LineageModel = {
      ...claim,
      nodes: [...claim.nodes, ...calls.map((id, i) => node(id, 'activity', `tool ${i}`, { status: 'ok' }))],
      edges: [
        ...claim.edges,
        ...calls.slice(0, 2).map((id): [string, string, string] => [id, 'tst', 'used']),
        ['act-3', 'raw', 'made'],
        ['raw', 'act-3', 'used'],
      ],
    };
    const turned = (by: number) => [...busy.nodes.slice(by), ...busy.nodes.slice(0, by)];
    for (let by = 0; by < busy.nodes.length; by++)
      for (const flow of ['right', 'down'] as const) {
        const drawn = pictureOf(graphOf({ ...busy, nodes: turned(by) }), untouched);
        const placed = layOut(drawn, flow);
        const way = ['hyp'];
        for (let next = stepFrom('hyp', flow, drawn, placed); next; next = stepFrom(next, flow, drawn, placed))
          way.push(next);
        const toFile = way.slice(0, way.indexOf('raw') + 1).filter((id) => !id.startsWith('act-'));
        expect(toFile).toEqual(['hyp', 'tst', 'exp', 'apr', 'plan', 'data', 'raw']);
        expect(way[2]).toBe('exp');
        expect(new Set(way).size).toBe(way.length);
      }
  });

  test('flow down where that fits better: the keys follow, and no two boxes of a layer share a place', () => {
    const placed = layOut(picture, 'down');
    expect(placed.flow).toBe('down');
    expect(placed.height).toBeGreaterThan(layOut(picture).height);
    const way = ['hyp'];
    for (let next = stepFrom('hyp', 'down', picture, placed); next; next = stepFrom(next, 'down', picture, placed))
      way.push(next);
    expect(way.at(-1)).toBe('raw');
    for (const [i, id] of way.slice(1).entries())
      expect(placed.at.get(id)!.y).toBeGreaterThan(placed.at.get(way[i])!.y);
    expect(stepFrom('tst', 'up', picture, placed)).toBe('hyp');
    expect(stepFrom('hyp', 'right', picture, placed)).toBe(way[1]);
    expect(new Set([...placed.at.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(picture.boxes.length);
  });
});

describe('2,000 activities', () => {
  const graph = graphOf(many(2000));

  test('are a few boxes that say how many they are, failed ones apart', () => {
    const { boxes, arrows } = pictureOf(graph, untouched);
    expect(boxes).toHaveLength(8);
    expect(boxes.filter(({ role }) => role === 'group').reduce((sum, { count }) => sum + count, 0)).toBe(2000);
    expect(boxes.filter(({ status }) => status === 'failed').reduce((sum, { count }) => sum + count, 0)).toBe(20);
    expect(arrows.reduce((sum, { count }) => sum + count, 0)).toBe(4000);
  });

  test('open page by page, and close again', () => {
    const group = pictureOf(graph, untouched).boxes.find(({ role }) => role === 'group')?.group ?? '';
    const once = expand(untouched, group);
    const { boxes } = pictureOf(graph, once);
    expect(boxes.filter((box) => box.group === group && box.role === 'thing')).toHaveLength(pageOfMembers);
    expect(boxes.find((box) => box.role === 'more')?.count).toBe(
      (graph.members.get(group)?.length ?? 0) - pageOfMembers,
    );
    const twice = pictureOf(graph, expand(once, group)).boxes;
    expect(twice.filter((box) => box.group === group && box.role === 'thing')).toHaveLength(2 * pageOfMembers);
    expect(pictureOf(graph, collapse(graph, once, group))).toEqual(pictureOf(graph, untouched));
  });

  test('are searched, and what is found comes out of its group', () => {
    const state = searchFor(untouched, 'RUN act-1000');
    expect(search(graph, 'run_twin failed').length).toBeGreaterThan(0);
    const { found, boxes } = pictureOf(graph, state);
    expect(found).toEqual(['act-1000']);
    expect(boxes.find(({ role, label }) => role === 'group' && label === 'run_twin')?.found).toBe(1);
    const shown = pictureOf(graph, reveal(state, 'act-1000')).boxes.find(({ id }) => id === 'act-1000');
    expect(shown).toMatchObject({ role: 'thing', found: 1 });
  });

  test('are laid out in places of their own, however many are open', () => {
    let state = untouched;
    for (const group of graph.members.keys()) for (let i = 0; i < 40; i++) state = expand(state, group);
    const picture = pictureOf(graph, state);
    expect(picture.boxes.length).toBeGreaterThan(1900);
    const { at } = layOut(picture);
    const places = new Set([...at.values()].map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(picture.boxes.length); // no two boxes lie upon each other
  });
});

test('a circle of groups is drawn, and walking it ends', () => {
  const model: LineageModel = {
    roots: ['a'],
    nodes: [node('a', 'activity'), node('b', 'twin'), node('c', 'plan')],
    edges: [
      ['b', 'a', 'used'],
      ['c', 'b', 'used'],
      ['a', 'c', 'used'],
    ],
  };
  const picture = pictureOf(graphOf(model), untouched);
  expect(layOut(picture).at.size).toBe(3);
});

test('a remembered state of another lineage, or of no form at all, is left out', () => {
  const graph = graphOf(claim);
  expect(parseState({ expanded: { nowhere: 3, constructor: 'x' }, revealed: ['gone', 7], query: 5 }, graph)).toEqual(
    untouched,
  );
  expect(parseState(null, graph)).toEqual(untouched);
  expect(parseState('x', graph)).toEqual(untouched);
});

describe('the camera', () => {
  const window = { width: 800, height: 400 };
  test('fits a picture, never larger than life', () => {
    expect(fitCamera({ width: 1600, height: 400 }, window)).toEqual({ scale: 0.5, dx: 0, dy: 100 });
    expect(fitCamera({ width: 100, height: 100 }, window).scale).toBe(1);
  });
  test('keeps the point under the pointer where it is', () => {
    const camera = zoomAt({ scale: 1, dx: 10, dy: 20 }, 2, 110, 120);
    // The point (100, 100) of the picture was at (110, 120), and still is.
    expect([100 * camera.scale + camera.dx, 100 * camera.scale + camera.dy]).toEqual([110, 120]);
  });
  test('moves only as far as needed to show a box', () => {
    const still = { scale: 1, dx: 0, dy: 0 };
    expect(bringInto(still, { x: 300, y: 100, width: 100, height: 40 }, window)).toEqual(still);
    expect(bringInto(still, { x: 790, y: 100, width: 100, height: 40 }, window)).toEqual({ scale: 1, dx: -130, dy: 0 });
  });
});
