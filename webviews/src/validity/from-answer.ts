import { type Adapter, captionOf } from '../kit/answer.ts';
import type { ValidityModel } from './model.ts';

/** `validate_twin`, with the scores of the units from the object that the answer names. */
export const validity: Adapter = async (call): Promise<ValidityModel> => {
  const { value } = call.answer;
  const scores = (await call.read(`bregma://object/${value.perUnit.object}`)) as Score[];
  return {
    ...captionOf(call, `Predictive validity of ${value.twin ?? value.kind}`),
    metric: 'pearson',
    units: scores.map(({ unit, pearson, ceiling, control }) => ({ id: unit, value: pearson, ceiling, control })),
    centre:
      typeof value.pearson === 'number'
        ? { is: 'all pairs', value: value.pearson }
        : { is: 'median', value: value.median.pearson },
    ci: value.ci,
    ceiling: value.ceiling,
    ceilingIs: value.ceilingIs ?? (value.ceiling === null ? 'the data have no repeats' : undefined),
    control: value.control,
    controlIs: value.controlIs,
    twin: value.twin,
    protocol: value.protocol,
    domain: typeof value.domain === 'string' ? value.domain : undefined,
  };
};

interface Score {
  unit: string;
  pearson: number | null;
  ceiling?: number | null;
  control?: number | null;
}
