import { HypothesisState, hypothesisStates } from '@bregma/core/contracts/hypothesis';
import { BoardModel } from '@bregma/webviews/board/model';
import { describe, expect, test } from 'vitest';
import { boardOf } from '../../../extension/src/hypotheses/board.ts';
import { hypothesisFacts } from '../../../extension/src/hypotheses/facts.ts';
import { movesOf } from '../../../extension/src/hypotheses/life-cycle.ts';
import { experiment, hyp, hypothesisRecord, result, spend } from './hypothesis-records.ts';

const budget = { procedure: 'e-LOND', alpha: 0.05, tests: 0, discoveries: 0, nextLevel: 0.025 };
const nothing = { tests: [], plans: [], experiments: [] };

function board(records: Parameters<typeof hypothesisFacts>[0]): Record<string, string[]> {
  const { columns } = BoardModel.parse(boardOf(hypothesisFacts(records), budget, true));
  return Object.fromEntries(
    columns.filter(({ cards }) => cards.length > 0).map(({ state, cards }) => [state, cards.map(({ id }) => id)]),
  );
}

describe('the board', () => {
  test('has a column for every state, in the order of the life cycle', () => {
    const { columns } = boardOf([], budget, true);
    expect(columns.map(({ state }) => state)).toEqual([...hypothesisStates]);
  });

  test('shows each hypothesis where its records put it, newest first', () => {
    const spent = spend(hyp('c'));
    const refuted = spend(hyp('d'));
    expect(
      board({
        ...nothing,
        hypotheses: [
          hypothesisRecord('a', 'draft'),
          hypothesisRecord('b', 'draft'),
          ...(['c', 'd', 'e'] as const).flatMap((digit) => [
            hypothesisRecord(digit, 'draft'),
            hypothesisRecord(digit, 'frozen'),
          ]),
        ],
        tests: [spent, refuted, result(refuted, 'refuted')],
      }),
    ).toEqual({ draft: [hyp('b'), hyp('a')], tested: [hyp('c')], refuted: [hyp('d')], frozen: [hyp('e')] });
  });

  test('a card shows each verdict that its tests came to, and post hoc ones count for nothing', () => {
    const [one, two, three] = [spend(hyp('a')), spend(hyp('a')), spend(hyp('a'))];
    const hypotheses = (['draft', 'frozen'] as const).map((state) => hypothesisRecord('a', state));
    const of = (tests: (typeof one)[]) => {
      const { columns } = boardOf(hypothesisFacts({ ...nothing, hypotheses, tests }), budget, true);
      const [{ state, verdicts }] = columns.flatMap(({ cards }) => cards);
      return [state, verdicts];
    };
    const both = [one, result(one, 'refuted'), two, result(two, 'supported')] as (typeof one)[];
    const shown = [{ ...three, body: { ...three.body, postHoc: true } }, result(three, 'post hoc')] as (typeof one)[];
    expect(of(both)).toEqual(['contradictory', ['refuted', 'supported']]);
    expect(of([...both.slice(0, 2), ...shown])).toEqual(['refuted', ['refuted', 'post hoc']]);
    expect(of(shown)).toEqual(['post hoc', ['post hoc']]);
  });

  test('is supported only when every prediction is', () => {
    const predictions = ['p1', 'p2'].map((id) => ({
      id,
      metric: 'r',
      direction: 'greater' as const,
      size: 0.1,
      between: ['twin-1'],
    }));
    const hypotheses = (['draft', 'frozen'] as const).map((state) =>
      hypothesisRecord('a', state, { content: { predictions } }),
    );
    const [one, two] = [spend(hyp('a'), 'p1'), spend(hyp('a'), 'p2')];
    const first = [one, result(one, 'supported')];
    expect(board({ ...nothing, hypotheses, tests: first })).toEqual({ inconclusive: [hyp('a')] });
    expect(board({ ...nothing, hypotheses, tests: [...first, two, result(two, 'supported')] })).toEqual({
      supported: [hyp('a')],
    });
  });

  test('counts the edits of a draft on one card, and goes back when the old words are recorded again', () => {
    const a = hypothesisRecord('a', 'draft');
    const b = hypothesisRecord('b', 'draft', { replaces: hyp('a') });
    const c = hypothesisRecord('c', 'draft', { replaces: hyp('b') });
    const facts = (hypotheses: (typeof a)[]) => boardOf(hypothesisFacts({ ...nothing, hypotheses }), budget, true);
    const drafts = (hypotheses: (typeof a)[]) => facts(hypotheses).columns[0].cards.map(({ id, edits }) => [id, edits]);
    expect(drafts([a, b, c])).toEqual([[hyp('c'), 2]]);
    const back = hypothesisRecord('a', 'draft', { replaces: hyp('b') });
    expect(drafts([a, b, back])).toEqual([[hyp('a'), 1]]);
  });

  test('calls superseded only what a frozen hypothesis supersedes', () => {
    const old = [hypothesisRecord('a', 'draft'), hypothesisRecord('a', 'frozen')];
    const next = { content: { supersedes: hyp('a') } };
    expect(board({ ...nothing, hypotheses: [...old, hypothesisRecord('b', 'draft', next)] })).toEqual({
      frozen: [hyp('a')],
      draft: [hyp('b')],
    });
    const frozen = [hypothesisRecord('b', 'draft', next), hypothesisRecord('b', 'frozen', next)];
    expect(board({ ...nothing, hypotheses: [...old, ...frozen] })).toEqual({
      superseded: [hyp('a')],
      frozen: [hyp('b')],
    });
  });

  test('counts as evidence only measured rows of experiments that began after freezing', () => {
    const draft = hypothesisRecord('a', 'draft');
    const early = experiment(hyp('a'), 'measured');
    const frozen = hypothesisRecord('a', 'frozen');
    const later = [
      experiment(hyp('a'), 'measured'),
      experiment(hyp('a'), 'synthetic'),
      experiment(hyp('a'), 'simulated'),
    ];
    const running = experiment(hyp('a'), 'measured', { state: 'running', end: undefined });
    const [card] = boardOf(
      hypothesisFacts({ ...nothing, hypotheses: [draft, frozen], experiments: [early, ...later, running] }),
      budget,
      true,
    ).columns[1].cards;
    expect([card.evidence, card.rehearsals]).toEqual([1, 2]);
  });
});

describe('moves by hand', () => {
  const allowed = HypothesisState.options.flatMap((from) =>
    Object.entries(movesOf(from)).flatMap(([to, move]) => ('action' in move ? [[from, to, move.action]] : [])),
  );

  test('are freezing a draft and superseding what is frozen, and no others', () => {
    expect(allowed).toEqual([
      ['draft', 'frozen', 'freeze'],
      ['frozen', 'superseded', 'supersede'],
      ['tested', 'superseded', 'supersede'],
      ['supported', 'superseded', 'supersede'],
      ['refuted', 'superseded', 'supersede'],
      ['contradictory', 'superseded', 'supersede'],
      ['inconclusive', 'superseded', 'supersede'],
      ['post hoc', 'superseded', 'supersede'],
    ]);
  });

  test.each(hypothesisStates)('every other move of what is %s is refused with a reason', (from) => {
    for (const move of Object.values(movesOf(from, hyp('f'))))
      if ('refused' in move) expect(move.refused).toMatch(/^.{10,}[.]$/);
  });

  test('a superseded one names the version that took its place', () => {
    expect(movesOf('superseded', hyp('f')).frozen).toEqual({ refused: `${hyp('f')} took its place. Move that one.` });
  });
});
