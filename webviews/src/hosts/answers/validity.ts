import type { ValidityModel } from '@bregma/core/contracts/views/validity';
import { type Adapter, captionOf } from './adapter.ts';

/** `validate_twin`, with the scores of the units from the object that the answer names. */
export const validity: Adapter = async (call): Promise<ValidityModel> => {
  const { value } = call.answer;
  const scores = (await call.read(`bregma://object/${value.perUnit.object}`)) as Score[];
  return {
    ...captionOf(call, `Predictive validity of ${value.twin ?? value.kind}`),
    metric: 'pearson',
    units: scores.map(({ unit, pearson, ceiling, control }) => ({ id: unit, value: pearson, ceiling, control })),
    median: value.median.pearson,
    ci: value.ci,
    ceiling: value.ceiling,
    ceilingIs: value.ceiling === null ? 'not measured: the data have no repeats' : undefined,
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
