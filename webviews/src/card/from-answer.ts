import type { FromAnswer, ToolCall } from '../kit/answer.ts';
import { plainly } from '../kit/format.ts';
import type { CardModel } from './model.ts';
import { planCard } from './plan.ts';

interface Kept {
  body: {
    state: string;
    digest: string;
    content: {
      claim: string;
      rivals: string[];
      predictions: { id: string; metric: string; direction: string; size: number; unit?: string; because?: string }[];
    };
  };
}

/** A plan; or a hypothesis that was recorded, frozen or tested: its words from the ledger, the verdict from the answer. */
export const card: FromAnswer<CardModel> = { tools: [], draw: drawCard };

async function drawCard(call: ToolCall): Promise<CardModel | undefined> {
  const { value, kind, activity } = call.answer;
  if (typeof value?.plan === 'string' && typeof value.would === 'string') return planCard(call);
  if (typeof value?.hypothesis !== 'string') return undefined;
  // SAFETY: the server reads the record of a hypothesis, whose form the ledger holds.
  const { body } = (await call.read(`bregma://hypothesis/${value.hypothesis}`)) as Kept;
  const { claim, rivals, predictions } = body.content;
  return {
    title: claim,
    id: value.hypothesis,
    kind,
    sections: [
      ...('verdict' in value ? [verdictOf(call)] : []),
      {
        heading: 'Predictions',
        facts: predictions.map(({ id, metric, direction, size, unit, because }) => ({
          name: id,
          text: `${metric} ${direction === 'equivalent' ? 'within ±' : `${direction} than`} ${size}${unit ? ` ${unit}` : ''}${because ? `: ${because}` : ''}`,
        })),
      },
      { heading: 'Rivals', facts: rivals.map((text, i) => ({ name: String(i + 1), text })) },
      {
        heading: 'Record',
        facts: [
          { name: 'State', text: value.status ?? body.state },
          { name: 'Digest', text: body.digest },
        ],
      },
    ],
    actions: [{ label: 'Trace', intent: 'open-activity', payload: { activity } }],
  };
}

function verdictOf({ answer }: ToolCall): CardModel['sections'][number] {
  const { value, uncertainty, n } = answer;
  const facts = {
    Verdict: value.verdict,
    'Post hoc': value.postHoc,
    Chosen: value.chosen,
    'All verdicts': value.verdicts?.join('; '),
    Prediction: value.says,
    Estimate: `${plainly(value.estimate, 4)} ${value.unit} (${plainly(uncertainty?.low, 4)} to ${plainly(uncertainty?.high, 4)})`,
    Evidence: `e-value ${plainly(value.eFor, 4)} for, ${plainly(value.eAgainst, 4)} against; ${value.postHoc ? 'nothing' : plainly(value.needed, 4)} decides`,
    n: n && `${n.count} ${n.of}`,
    Budget: value.postHoc ? 'nothing was spent' : `${value.budget.procedure}, level ${plainly(value.budget.level, 4)}`,
    Inference: value.inference,
  };
  return { heading: 'Verdict', facts: Object.entries(facts).flatMap(([name, text]) => (text ? [{ name, text }] : [])) };
}
