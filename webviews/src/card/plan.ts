import { duration } from '../kit/amounts.ts';
import type { ToolCall } from '../kit/answer.ts';
import { shown } from '../kit/format.ts';
import { count } from '../kit/lab-format.ts';
import type { CardModel } from './model.ts';

/** A plan that an agent made, as a chat shows it. It can be read there and not signed: the card says where a person signs. */
export function planCard({ answer, arguments: asked }: ToolCall): CardModel {
  const { value, kind, activity } = answer;
  const { detectable, limits, cost } = value;
  const section = (heading: string, facts: Record<string, string | undefined>) => ({
    heading,
    facts: Object.entries(facts).flatMap(([name, text]) => (text ? [{ name, text }] : [])),
  });
  return {
    title: `Experiment plan ${value.plan.slice('plan-'.length, 'plan-'.length + 6)}`,
    id: value.plan,
    kind,
    description: `The driver would ${value.would}.`,
    sections: [
      section('Waits for a person', {
        Approve: `Nothing runs before a person signs it: in the editor (Bregma: Review Experiment Plan), or with ${value.approve}`,
        Hash: value.hash,
      }),
      section('What would be done', {
        Tests: String(asked.hypothesis ?? ''),
        Subject: String(asked.subject ?? ''),
        Trials: `${count(value.trials, 'trial')} over ${count(value.stimuli, 'stimulus', 'stimuli')}`,
        Protocol: value.protocol,
      }),
      section('What it can find', {
        Effect: `${shown(detectable.effect)} with probability ${shown(detectable.power)}`,
        Assuming: detectable.assuming,
      }),
      section('Limits and cost', {
        'At most': `${count(limits.maxTrials, 'trial')}, ${duration(1000 * limits.maxDurationS)}`,
        Cost: `${count(cost.trials, 'trial')}, ${duration(1000 * cost.durationS)}, ${count(cost.newSubjects, 'new subject')}`,
      }),
    ],
    actions: [{ label: 'Trace', intent: 'open-activity', payload: { activity } }],
  };
}
