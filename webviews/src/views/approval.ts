import type { Meaning } from '@bregma/core/contracts/experiment';
import { PlanModel } from '@bregma/core/contracts/views/plan';
import { count, duration, moment, number } from '../lab/format.ts';
import { keepFocus } from '../lab/keep-focus.ts';
import labStyle from '../lab/lab.css';
import { type SignChoice, signPanel } from '../lab/sign-panel.ts';
import { stateMark } from '../lab/state-mark.ts';
import { h, plain } from '../shared/dom.ts';
import { kindMark } from '../shared/kind-mark.ts';
import type { View, ViewHost } from '../shared/view.ts';
import style from './approval.css';

/** A plan for the person who may sign it: what would be done, within which limits, at what cost, with whose permission. */
export const approval: View<PlanModel> = {
  name: 'approval',
  style: labStyle + style,
  parse: (value) => PlanModel.parse(value),
  render({ model, el, host }) {
    const chosen: SignChoice = { meaning: 'approve', hours: 24, comment: '' };
    let drawn = '';
    const draw = (next: PlanModel) => {
      // The editor looks every two seconds; a page that would be the same stays as it is.
      const text = JSON.stringify(next);
      if (text === drawn) return;
      drawn = text;
      keepFocus(el, () => el.replaceChildren(page(next, host, chosen)));
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

function page(model: PlanModel, host: ViewHost, chosen: SignChoice): HTMLElement {
  const { id, hash, state, meaning, hypothesis, madeAt, madeBy } = model;
  return h(
    'div',
    { class: 'lab' },
    h(
      'header',
      {},
      h('p', { class: 'row' }, stateMark(state), h('span', { class: 'quiet' }, meaning)),
      h('h1', {}, `Experiment plan ${id.slice(5, 11)}`),
      h(
        'p',
        { class: 'quiet' },
        `Made ${moment(madeAt)}${madeBy ? ` by ${plain(madeBy, 60)}` : ''}. `,
        h('code', { title: `sha256 ${hash}` }, id),
      ),
      h(
        'blockquote',
        {},
        h(
          'button',
          {
            class: 'link',
            'data-focus': 'hypothesis',
            click: () => host.send('open-hypothesis', { id: hypothesis.id }),
          },
          plain(hypothesis.claim, 600) || hypothesis.id,
        ),
        ...hypothesis.predictions.map((says) => h('p', { class: 'quiet' }, 'Predicts: ', plain(says, 400))),
      ),
    ),
    ...experimentNotes(model, host),
    changeNote(model, host),
    h(
      'div',
      { class: 'sides' },
      planTile(model),
      h('div', { class: 'stack' }, limitsTile(model), ethicsTile(model)),
      dryRunTile(model, host),
    ),
    h('div', { class: 'below' }, signPanel(model, host, chosen), signaturesTile(model, host)),
  );
}

const fact = (name: string, ...value: (string | HTMLElement)[]) => [h('dt', {}, name), h('dd', {}, ...value)];

function experimentNotes({ experiments }: PlanModel, host: ViewHost): HTMLElement[] {
  return experiments.map(({ id, state, reason, delivered, asked, kind, approvedBy, at }) => {
    const live = state === 'running' || state === 'elsewhere';
    const bar = h('progress', { max: String(asked), value: String(delivered ?? 0), 'aria-label': 'Trials delivered' });
    return h(
      'section',
      { class: 'tile experiment', 'aria-label': `Experiment ${id}` },
      h(
        'div',
        { class: 'row spread' },
        h(
          'span',
          { class: 'row' },
          stateMark(state),
          kind !== undefined && kindMark(kind as Parameters<typeof kindMark>[0]),
          `${delivered ?? 0} of ${count(asked, 'trial')}`,
        ),
        live &&
          h(
            'button',
            { class: 'danger', 'data-focus': `stop ${id}`, click: () => host.send('stop', { id }) },
            'Stop before the next trial',
          ),
      ),
      bar,
      h(
        'p',
        { class: 'quiet' },
        `Approved by ${plain(approvedBy, 80)}, began ${moment(at)}. ${reason ? `${plain(reason, 300)}. ` : ''}`,
        h('button', { class: 'link', 'data-focus': `record ${id}`, click: () => host.send('open-record', { id }) }, id),
      ),
    );
  });
}

function changeNote({ change }: PlanModel, host: ViewHost): HTMLElement | false {
  if (!change) return false;
  const link = h(
    'button',
    { class: 'link', 'data-focus': 'before', click: () => host.send('open-plan', { id: change.since }) },
    change.since,
  );
  return h(
    'details',
    { class: `note${change.approved ? ' warn' : ''}` },
    h(
      'summary',
      {},
      change.approved
        ? 'An earlier plan was approved, and this is another one: that approval does not hold here. '
        : 'Not the first plan for this hypothesis. ',
      count(change.differences.length, 'difference'),
    ),
    h('p', {}, 'Compared with ', link, ':'),
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'What'),
          h('th', { scope: 'col' }, 'Before'),
          h('th', { scope: 'col' }, 'Now'),
        ),
      ),
      h(
        'tbody',
        {},
        ...change.differences.map(({ what, before, after }) =>
          h(
            'tr',
            {},
            h('td', {}, what),
            h('td', {}, plain(before, 200)),
            h('td', {}, h('strong', {}, plain(after, 200))),
          ),
        ),
      ),
    ),
  );
}

function planTile({ driver, design, power, twins }: PlanModel): HTMLElement {
  const { fewest, most } = design.repeats;
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'what' },
    h('h2', { id: 'what' }, 'What would be done'),
    h(
      'dl',
      { class: 'facts' },
      ...fact('Driver', plain(driver, 80)),
      ...fact(
        'Trials',
        h('strong', {}, String(design.trials)),
        ` over ${count(design.stimuli.length, 'stimulus', 'stimuli')}, ${fewest === most ? fewest : `${fewest} to ${most}`} each`,
      ),
      ...fact('Stimuli', `${design.stimuli.slice(0, 16).join(', ')}${design.stimuli.length > 16 ? ' …' : ''}`),
      ...fact('Order', plain(design.randomisation, 300)),
      ...fact('Seed', `${design.orderSeed}, made by the server`),
      ...fact('Pace', design.paceMs > 0 ? `${design.paceMs} ms between trials` : 'no wait between trials'),
      ...fact(
        'Twins',
        ...twins.flatMap(({ title, fittedOn }, i) => [
          i > 0 ? h('br') : '',
          `${plain(title, 100)} (fitted on ${plain(fittedOn, 60)})`,
        ]),
      ),
    ),
    h('h2', { class: 'next' }, 'What it can find'),
    h(
      'p',
      {},
      'An effect of ',
      h('strong', {}, number(power.detectable)),
      ` with probability ${power.power} at level ${number(power.level)} (n = ${power.n} ${plain(power.of, 40)}).`,
    ),
    h('p', { class: 'quiet' }, `Assuming ${plain(power.assuming, 300)}.`),
  );
}

function limitsTile({ limits, cost }: PlanModel): HTMLElement {
  const amount = (value: number, unit: string) => (unit === 's' ? duration(value) : String(value));
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'limits' },
    h('h2', { id: 'limits' }, 'Limits and cost'),
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'What'),
          h('th', { scope: 'col', class: 'num' }, 'Planned'),
          h('th', { scope: 'col', class: 'num' }, 'At most'),
        ),
      ),
      h(
        'tbody',
        {},
        ...limits.map(({ what, planned, limit, unit }) =>
          h(
            'tr',
            {},
            h('td', {}, what),
            h('td', { class: 'num' }, amount(planned, unit)),
            h('td', { class: 'num' }, h('strong', {}, amount(limit, unit)), planned > limit ? ' ✕' : ''),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: 'cost' },
      h('strong', {}, 'Costs '),
      `${count(cost.trials, 'trial')}, ${duration(cost.durationS)}, ${count(cost.newSubjects, 'new subject')}.`,
    ),
    h('p', { class: 'quiet' }, 'The driver keeps to the limits between trials, whatever the plan says.'),
  );
}

function ethicsTile({ subject }: PlanModel): HTMLElement {
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'ethics' },
    h('h2', { id: 'ethics' }, 'Subject and ethics record'),
    h(
      'dl',
      { class: 'facts' },
      ...fact('Subject', plain(subject.id, 120)),
      ...fact('Species', subject.species ? plain(subject.species, 80) : 'not stated'),
      ...fact('Protocol', plain(subject.protocol, 300)),
      ...fact(
        'Expires',
        subject.protocolExpires
          ? `${plain(subject.protocolExpires, 40)}${subject.expired ? ' (expired)' : ''}`
          : 'not stated',
      ),
      ...fact('New subjects', String(subject.newSubjects)),
    ),
    subject.expired && h('p', { class: 'note bad' }, 'The protocol has expired.'),
  );
}

function dryRunTile({ dryRun }: PlanModel, host: ViewHost): HTMLElement {
  const { would, activity, checks, trace, trials, blocks, problem } = dryRun;
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'dry' },
    h('h2', { id: 'dry' }, 'Dry run'),
    would !== undefined &&
      h(
        'p',
        {},
        'The driver would ',
        plain(would, 500),
        '. ',
        activity !== undefined &&
          h(
            'button',
            { class: 'link', 'data-focus': 'dry-run', click: () => host.send('open-record', { id: activity }) },
            'record',
          ),
      ),
    h(
      'ul',
      { class: 'plain checks' },
      ...checks.map(({ ok, says }) =>
        h(
          'li',
          { class: ok ? 'ok' : 'not-ok' },
          h('span', { class: 'visually-hidden' }, ok ? 'Passes: ' : 'Fails: '),
          plain(says, 300),
        ),
      ),
    ),
    problem !== undefined && h('p', { class: 'note bad' }, plain(problem, 300)),
    trace.length > 0 &&
      h(
        'div',
        { class: 'trace', tabindex: '0', role: 'region', 'aria-label': 'Trials in order of presentation' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['Trial', 'Block', 'Stimulus', 'At'].map((name) => h('th', { scope: 'col', class: 'num' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            ...trace.map(({ trial, block, stimulus, atS }) =>
              h(
                'tr',
                { class: block % 2 ? 'odd' : '' },
                ...[trial, block, stimulus, `${number(atS)} s`].map((value) =>
                  h('td', { class: 'num' }, String(value)),
                ),
              ),
            ),
          ),
        ),
      ),
    h(
      'p',
      { class: 'quiet' },
      trace.length < trials
        ? `First ${trace.length} of ${trials} trials in ${count(blocks, 'block')}.`
        : `All ${trials} trials, in ${count(blocks, 'block')}.`,
    ),
  );
}

const meanings: Record<Meaning, string> = { approve: 'approved', review: 'reviewed', reject: 'rejected' };
const standings: Record<string, string> = {
  valid: 'may be used once',
  used: 'used',
  expired: 'expired unused',
  'only-reviewed': 'permits no run',
  withdrawn: 'withdraws earlier approvals',
  'untrusted-key': 'void: key not trusted here',
  forged: 'void: forged or changed',
  'other-plan': 'void: made for another plan',
  malformed: 'void: no signature',
  'not-yet-valid': 'void: dated in the future',
};

function signaturesTile({ signatures }: PlanModel, host: ViewHost): HTMLElement {
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'signatures' },
    h('h2', { id: 'signatures' }, 'Signatures'),
    signatures.length === 0
      ? h('p', { class: 'quiet' }, 'Nobody has signed it.')
      : h(
          'ul',
          { class: 'plain signatures' },
          ...signatures.map(({ id, by, meaning, signedAt, expires, comment, demo, standing, why }) =>
            h(
              'li',
              { 'data-standing': standing },
              h(
                'p',
                { class: 'row spread' },
                h('span', {}, h('strong', {}, plain(by, 100)), ` ${meaning ? meanings[meaning] : 'left'} it`),
                h(
                  'strong',
                  { class: standing === 'valid' ? 'valid' : 'quiet' },
                  standings[standing] ?? plain(standing, 60),
                ),
              ),
              h(
                'p',
                { class: 'quiet' },
                `${moment(signedAt)}${meaning === 'approve' ? `, until ${moment(expires)}` : ''}. `,
                h(
                  'button',
                  { class: 'link', 'data-focus': `signature ${id}`, click: () => host.send('open-record', { id }) },
                  id,
                ),
              ),
              comment !== undefined && h('p', {}, `“${plain(comment, 500)}”`),
              demo && h('p', { class: 'note warn' }, 'Demonstration key: no person stands behind it.'),
              why !== undefined &&
                standing.match(/untrusted|forged|other|malformed|not-yet/) &&
                h('p', { class: 'note bad' }, plain(why, 400)),
            ),
          ),
        ),
  );
}
