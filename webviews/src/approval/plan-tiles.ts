import { h, plain } from '../kit/dom.ts';
import { count, duration, number } from '../kit/lab-format.ts';
import type { PlanModel } from './model.ts';

const fact = (name: string, ...value: (string | HTMLElement)[]) => [h('dt', {}, name), h('dd', {}, ...value)];

/** Design and power: what would be done, and what it can find. */
export function planTile({ driver, design, power, twins }: PlanModel): HTMLElement {
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

/** What is planned beside what the driver allows at most, and what it costs. */
export function limitsTile({ limits, cost }: PlanModel): HTMLElement {
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

/** On whom, under which protocol. */
export function ethicsTile({ subject }: PlanModel): HTMLElement {
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
