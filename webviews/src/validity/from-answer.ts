import { captionOf, type FromAnswer, objectUri } from '../kit/answer.ts';
import type { ValidityModel } from './model.ts';

type Score = Record<string, unknown>;

/** `validate_twin`, with the scores of the units from the object that the answer names. */
export const validity: FromAnswer<ValidityModel> = {
  tools: ['validate_twin'],
  async draw(call) {
    const { value } = call.answer;
    // SAFETY: validate_twin writes this object in this form, and the view's parser holds the model to its own.
    const scores = (await call.read(objectUri(value.perUnit))) as Score[];
    return {
      ...captionOf(call, `Predictive validity of ${value.twin ?? value.kind}`),
      metric: 'pearson',
      units: scores.map(unitOf),
      centre:
        typeof value.pearson === 'number'
          ? { is: 'all pairs', value: value.pearson }
          : { is: 'median', value: value.median.pearson },
      ci: value.ci,
      ceiling: number(value.ceiling),
      ceilingIs: text(value.ceilingIs) ?? (number(value.ceiling) === null ? 'the data have no repeats' : undefined),
      control: number(value.control),
      controlIs: text(value.controlIs),
      controlRange: value.controlRange,
      twin: text(value.twin),
      protocol: text(value.protocol),
      domain: text(value.domain),
      beside: besideOf(value),
    };
  },
};

type Beside = NonNullable<ValidityModel['beside']>;

/** Members of an answer of `validate_twin` that its own output form describes. */
interface Answered {
  r2er?: Explained;
  feve?: Explained;
  apart?: { domain: string; pearson: number | null; low: number | null; high: number | null; n: number }[];
}
interface Explained {
  median: number | null;
  ci: { low: number | null; high: number | null };
  neurons: number;
}

function besideOf({ r2er, feve, apart = [] }: Answered): Beside | undefined {
  const explained = (is: string, one?: Explained): Beside =>
    one ? [{ is, value: one.median, low: one.ci.low, high: one.ci.high, neurons: one.neurons }] : [];
  const found = [
    ...explained('r²_ER', r2er),
    ...explained('FEVE', feve),
    ...apart.map(({ domain, pearson, low, high, n }) => ({
      is: `r, ${domain}`,
      value: pearson,
      low,
      high,
      neurons: n,
    })),
  ];
  return found.length > 0 ? found : undefined;
}

const unitOf = (score: Score, i: number): ValidityModel['units'][number] => ({
  id: String(score.unit ?? score.neuron ?? score.stimulated ?? score.name ?? i),
  value: number(score.pearson),
  ...('ceiling' in score && { ceiling: number(score.ceiling) }),
  ...('control' in score && { control: number(score.control) }),
});

const number = (value: unknown) => (typeof value === 'number' ? value : null);
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
