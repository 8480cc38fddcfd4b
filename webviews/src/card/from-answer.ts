import type { FromAnswer, ToolCall } from '../kit/answer.ts';
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
  const number = (found: number | null | undefined) =>
    found === null || found === undefined ? 'not measured' : String(Number(found.toPrecision(4)));
  const facts = {
    Verdict: value.verdict,
    'Post hoc': value.postHoc,
    Chosen: value.chosen,
    'All verdicts': value.verdicts?.join('; '),
    Prediction: value.says,
    Estimate: `${number(value.estimate)} ${value.unit} (${number(uncertainty?.low)} to ${number(uncertainty?.high)})`,
    Evidence: `e-value ${number(value.eFor)} for, ${number(value.eAgainst)} against; ${value.postHoc ? 'nothing' : number(value.needed)} decides`,
    n: n && `${n.count} ${n.of}`,
    Budget: value.postHoc ? 'nothing was spent' : `${value.budget.procedure}, level ${number(value.budget.level)}`,
    Inference: value.inference,
  };
  return { heading: 'Verdict', facts: Object.entries(facts).flatMap(([name, text]) => (text ? [{ name, text }] : [])) };
}
