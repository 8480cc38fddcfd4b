import { plain } from '@bregma/core/contracts/plain-text';
import { duration } from '../kit/amounts.ts';
import { shown } from '../kit/format.ts';
import { count } from '../kit/lab-format.ts';
import { Fact } from '../kit/links.tsx';
import type { PlanModel } from './model.ts';

interface OfPlan {
  model: PlanModel;
}

/** Design and power: what would be done, and what it can find. */
export function PlanTile({ model: { driver, design, power, twins } }: OfPlan) {
  const { fewest, most } = design.repeats;
  const each = fewest === most ? fewest : `${fewest} to ${most}`;
  return (
    <section class="tile" aria-labelledby="what">
      <h2 id="what">What would be done</h2>
      <dl class="facts">
        <Fact name="Driver">{plain(driver, 80)}</Fact>
        <Fact name="Trials">
          <strong>{design.trials}</strong>
          {` over ${count(design.stimuli.length, 'stimulus', 'stimuli')}, ${each} each`}
        </Fact>
        <Fact name="Stimuli">
          {`${design.stimuli.slice(0, 16).join(', ')}${design.stimuli.length > 16 ? ' …' : ''}`}
        </Fact>
        <Fact name="Order">{plain(design.randomisation, 300)}</Fact>
        <Fact name="Seed">{`${design.orderSeed}, made by the server`}</Fact>
        <Fact name="Pace">{design.paceMs > 0 ? `${design.paceMs} ms between trials` : 'no wait between trials'}</Fact>
        <Fact name="Twins">
          {twins.map(({ title, fittedOn }, i) => (
            <>
              {i > 0 && <br />}
              {`${plain(title, 100)} (fitted on ${plain(fittedOn, 60)})`}
            </>
          ))}
        </Fact>
      </dl>
      <h2 class="next">What it can find</h2>
      <p>
        An effect of <strong>{shown(power.detectable)}</strong>
        {` with probability ${power.power} at level ${shown(power.level)} (n = ${power.n} ${plain(power.of, 40)}).`}
      </p>
      <p class="quiet">{`Assuming ${plain(power.assuming, 300)}.`}</p>
    </section>
  );
}

/** What is planned beside what the driver allows at most, and what it costs. */
export function LimitsTile({ model: { limits, cost } }: OfPlan) {
  const amount = (value: number, unit: string) => (unit === 's' ? duration(1000 * value) : String(value));
  return (
    <section class="tile" aria-labelledby="limits">
      <h2 id="limits">Limits and cost</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" class="num">
              Planned
            </th>
            <th scope="col" class="num">
              At most
            </th>
          </tr>
        </thead>
        <tbody>
          {limits.map(({ what, planned, limit, unit }) => (
            <tr key={what}>
              <td>{what}</td>
              <td class="num">{amount(planned, unit)}</td>
              <td class="num">
                <strong>{amount(limit, unit)}</strong>
                {planned > limit && ' ✕'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="cost">
        <strong>Costs </strong>
        {`${count(cost.trials, 'trial')}, ${duration(1000 * cost.durationS)}, ${count(cost.newSubjects, 'new subject')}.`}
      </p>
      <p class="quiet">The driver keeps to the limits between trials, whatever the plan says.</p>
    </section>
  );
}

/** On whom, under which protocol. */
export function EthicsTile({ model: { subject } }: OfPlan) {
  const { id, species, protocol, protocolExpires, expired, newSubjects } = subject;
  return (
    <section class="tile" aria-labelledby="ethics">
      <h2 id="ethics">Subject and ethics record</h2>
      <dl class="facts">
        <Fact name="Subject">{plain(id, 120)}</Fact>
        <Fact name="Species">{species ? plain(species, 80) : 'not stated'}</Fact>
        <Fact name="Protocol">{plain(protocol, 300)}</Fact>
        <Fact name="Expires">
          {protocolExpires ? `${plain(protocolExpires, 40)}${expired ? ' (expired)' : ''}` : 'not stated'}
        </Fact>
        <Fact name="New subjects">{newSubjects}</Fact>
      </dl>
      {expired && <p class="note bad">The protocol has expired.</p>}
    </section>
  );
}
