import { h, plain } from '../kit/dom.ts';
import { keepFocus } from '../kit/keep-focus.ts';
import { kindMark } from '../kit/kind-mark.ts';
import labStyle from '../kit/lab.css';
import { count, evidence, moment, number } from '../kit/lab-format.ts';
import { stateMark } from '../kit/state-mark.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { forest } from './forest.ts';
import { HypothesisModel, type PredictionView, type TestView } from './model.ts';
import style from './view.css';

/** One hypothesis: claim, rivals, predictions with what tests found, evidence, error budget, versions. */
export const hypothesis: View<HypothesisModel> = {
  name: 'hypothesis',
  style: labStyle + style,
  parse: (value) => HypothesisModel.parse(value),
  render({ model, el, host }) {
    const draw = (next: HypothesisModel) => keepFocus(el, () => el.replaceChildren(page(next, host)));
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

function page(model: HypothesisModel, host: ViewHost): HTMLElement {
  const { state, claim, meaning, rivals, predictions, plan } = model;
  return h(
    'div',
    { class: 'lab' },
    h(
      'header',
      {},
      h('p', { class: 'row' }, stateMark(state), h('span', { class: 'quiet' }, meaning)),
      h('h1', {}, plain(claim)),
      h('p', { class: 'quiet stamps' }, ...stamps(model)),
      actions(model, host),
    ),
    h(
      'div',
      { class: 'sheet' },
      h(
        'div',
        { class: 'main' },
        h(
          'section',
          { 'aria-labelledby': 'predictions' },
          h('h2', { id: 'predictions' }, state === 'draft' ? 'Predictions' : 'Frozen predictions'),
          ...predictions.map((prediction) => predictionTile(prediction, model, host)),
        ),
        evidenceSection(model, host),
        plansSection(model, host),
      ),
      h(
        'aside',
        { 'aria-label': 'Context' },
        h(
          'section',
          { class: 'tile', 'aria-labelledby': 'rivals' },
          h('h2', { id: 'rivals' }, rivals.length === 1 ? 'Rival' : 'Rivals'),
          h('ul', { class: 'plain rivals' }, ...rivals.map((rival) => h('li', {}, plain(rival, 1000)))),
        ),
        budgetTile(model),
        plan !== undefined &&
          h(
            'section',
            { class: 'tile', 'aria-labelledby': 'how' },
            h('h2', { id: 'how' }, 'How it will be tested'),
            h('p', { class: 'prose' }, plain(plan, 4000)),
          ),
        versionsTile(model, host),
      ),
    ),
  );
}

function stamps({ id, digest, drafted, frozen }: HypothesisModel): (string | HTMLElement)[] {
  const by = (who?: string) => (who ? ` by ${plain(who, 60)}` : '');
  return [
    `Drafted ${moment(drafted.at)}${by(drafted.by)}. `,
    frozen ? `Frozen ${moment(frozen.at)}${by(frozen.by)}. ` : 'Not frozen. ',
    h('code', { title: `sha256 ${digest}` }, id),
  ];
}

function actions({ moves, state, trusted }: HypothesisModel, host: ViewHost): HTMLElement | false {
  if (!trusted) return h('p', { class: 'note warn' }, 'This workspace is not trusted: nothing can be changed.');
  const button = (intent: string, label: string, className = '') =>
    h('button', { class: className, 'data-focus': intent, click: () => host.send(intent) }, label);
  const buttons = [
    state === 'draft' && button('freeze', 'Freeze…'),
    state === 'draft' && button('edit', 'Edit draft', 'second'),
    'action' in moves.superseded && button('supersede', 'New version', 'second'),
  ].filter((item) => item !== false);
  return buttons.length > 0 && h('div', { class: 'row actions' }, ...buttons);
}

function predictionTile(prediction: PredictionView, model: HypothesisModel, host: ViewHost): HTMLElement {
  const { id, says, because, direction, size, unit, tests, between, metric } = prediction;
  const [test] = tests;
  const sign = { greater: `> ${number(size)}`, less: `< ${number(size)}`, equivalent: `within ± ${number(size)}` }[
    direction
  ];
  return h(
    'article',
    { class: 'tile prediction' },
    h(
      'div',
      { class: 'row spread' },
      h(
        'h3',
        {},
        h('code', { class: 'quiet' }, plain(id)),
        ' ',
        plain(metric),
        ' ',
        h('strong', {}, `${sign} ${plain(unit ?? '')}`),
      ),
      test && stateMark(test.verdict === 'spent' ? 'tested' : test.verdict),
    ),
    h('p', {}, plain(says, 1000)),
    because !== undefined && h('p', { class: 'quiet' }, 'Why: ', plain(because, 500)),
    forest(prediction, test),
    test ? numbers(test, unit ?? '', host) : h('p', { class: 'quiet' }, 'Not tested yet.'),
    tests.length > 1 &&
      h(
        'details',
        {},
        h('summary', {}, count(tests.length - 1, 'earlier test')),
        ...tests.slice(1).map((earlier) => numbers(earlier, unit ?? '', host)),
      ),
    h('p', { class: 'quiet twins' }, ...twinLines(between, model)),
  );
}

function numbers(test: TestView, unit: string, host: ViewHost): HTMLElement {
  const { estimate, low, high, eFor, eAgainst, level, n, index, procedure, verdict, demo } = test;
  if (verdict === 'spent')
    return h(
      'p',
      { class: 'note warn' },
      `Test ${index} was paid for (level ${number(level)}) and left no result: it may still run, or its process ended. `,
      recordLink(test.id, host),
    );
  const needed = 1 / level;
  const reached = (e: number | null) => (e !== null && e >= needed ? ' ✓ reached' : '');
  const fact = (name: string, ...value: (string | HTMLElement)[]) => [h('dt', {}, name), h('dd', {}, ...value)];
  return h(
    'div',
    { class: 'numbers' },
    h(
      'dl',
      { class: 'facts' },
      ...fact('Estimate', h('strong', {}, `${number(estimate)}${estimate === null ? '' : ` ${plain(unit)}`}`)),
      ...fact('95 % interval', low === null ? 'not measured' : `${number(low)} to ${number(high)}`),
      ...fact('n', n ? `${n.count} ${plain(n.of, 80)}` : 'not measured'),
      ...fact('e-value for it', `${evidence(eFor)}${reached(eFor)}`),
      ...fact('e-value against it', `${evidence(eAgainst)}${reached(eAgainst)}`),
      ...fact('Needed', `e ≥ ${evidence(needed)} (level ${number(level)}, test ${index}, ${plain(procedure, 40)})`),
      ...fact('Test', recordLink(test.id, host), ` on ${plain(test.experiment)}, ${moment(test.at)}`),
    ),
    demo &&
      h(
        'p',
        { class: 'note warn' },
        'The experiment was approved with a demonstration key: no person stands behind it.',
      ),
  );
}

function recordLink(id: string, host: ViewHost): HTMLElement {
  return h(
    'button',
    { class: 'link', 'data-focus': `record ${id}`, click: () => host.send('open-record', { id }) },
    plain(id),
  );
}

function twinLines(between: string[], { twins }: HypothesisModel): (string | HTMLElement)[] {
  return between.flatMap((id, i) => {
    const twin = twins.find((candidate) => candidate.id === id);
    const name = twin ? `${plain(twin.title, 120)}, fitted on ${plain(twin.data, 80)} ` : 'not in this folder ';
    return [i > 0 ? h('br') : '', `${between.length > 1 ? `${i + 1}. ` : ''}${name}`, h('code', {}, plain(id, 60))];
  });
}

function evidenceSection({ evidence: rows }: HypothesisModel, host: ViewHost): HTMLElement {
  return h(
    'section',
    { 'aria-labelledby': 'evidence' },
    h('h2', { id: 'evidence' }, 'Evidence'),
    rows.length === 0
      ? h('p', { class: 'quiet' }, 'No experiment was run for it yet.')
      : h(
          'ul',
          { class: 'plain experiments' },
          ...rows.map((row) =>
            h(
              'li',
              { class: 'tile' },
              h(
                'div',
                { class: 'row spread' },
                h('span', { class: 'row' }, stateMark(row.state), row.kind !== null && kindMark(row.kind)),
                h(
                  'strong',
                  { class: row.counts ? 'counts' : 'quiet' },
                  row.counts ? '✓ counts as evidence' : `not evidence: ${plain(row.why)}`,
                ),
              ),
              h(
                'p',
                {},
                `${row.delivered ?? 0} of ${row.asked ?? 'unknown'} trials on ${plain(row.subject, 120)} by ${plain(row.driver, 60)}, approved by ${plain(row.approvedBy, 80)}${row.demo ? ' with a demonstration key' : ''}, ${moment(row.at)}`,
              ),
              h(
                'p',
                { class: 'row' },
                recordLink(row.experiment, host),
                h(
                  'button',
                  {
                    class: 'link',
                    'data-focus': `plan ${row.experiment}`,
                    click: () => host.send('open-plan', { id: row.plan }),
                  },
                  'plan and approval',
                ),
              ),
            ),
          ),
        ),
  );
}

function plansSection({ plans }: HypothesisModel, host: ViewHost): HTMLElement | false {
  const open = plans.filter(({ state }) =>
    ['waiting', 'reviewed', 'approved', 'expired', 'rejected', 'void'].includes(state),
  );
  return (
    open.length > 0 &&
    h(
      'section',
      { 'aria-labelledby': 'plans' },
      h('h2', { id: 'plans' }, 'Plans'),
      h(
        'ul',
        { class: 'plain experiments' },
        ...open.map(({ id, state, waiting, about }) =>
          h(
            'li',
            { class: 'tile row spread' },
            h('span', { class: 'row' }, stateMark(state), plain(about, 200)),
            h(
              'button',
              {
                class: waiting ? '' : 'second',
                'data-focus': `plan ${id}`,
                click: () => host.send('open-plan', { id }),
              },
              waiting ? 'Review plan' : 'Open plan',
            ),
          ),
        ),
      ),
    )
  );
}

function budgetTile({ budget }: HypothesisModel): HTMLElement {
  const fact = (name: string, value: string) => [h('dt', {}, name), h('dd', {}, value)];
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'budget' },
    h('h2', { id: 'budget' }, 'Error budget left'),
    h(
      'dl',
      { class: 'facts' },
      ...fact('Next level', number(budget.nextLevel)),
      ...fact('Needs', `e ≥ ${evidence(1 / budget.nextLevel)}`),
      ...fact('Tests so far', `${budget.tests}, ${count(budget.discoveries, 'discovery', 'discoveries')}`),
      ...fact('Kept to', `${number(budget.alpha * 100)} % false discoveries (${plain(budget.procedure, 40)})`),
    ),
    h(
      'p',
      { class: 'quiet after' },
      'Shared by all hypotheses of this folder; a test is paid for before its numbers are read.',
    ),
  );
}

function versionsTile(
  { supersedes, supersededBy, editedInto, edits }: HypothesisModel,
  host: ViewHost,
): HTMLElement | false {
  const link = (id: string) =>
    h(
      'button',
      { class: 'link', 'data-focus': `hypothesis ${id}`, click: () => host.send('open-hypothesis', { id }) },
      plain(id),
    );
  const line = (words: string, ids: string[]) =>
    ids.length > 0 && h('p', {}, `${words} `, ...ids.flatMap((id, i) => [i > 0 ? ', ' : '', link(id)]));
  if (!supersedes && !supersededBy && !editedInto && edits.length === 0) return false;
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'versions' },
    h('h2', { id: 'versions' }, 'Versions'),
    line('Superseded by', supersededBy ? [supersededBy] : []),
    line('Edited into', editedInto ? [editedInto] : []),
    line('Supersedes', supersedes ? [supersedes] : []),
    line('Earlier wordings:', edits.slice(0, 20)),
  );
}
