import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError, throwIfCancelled, unknownName } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import { writeNpy } from '@bregma/core/npy';
import { median } from '@bregma/core/statistics/correlation';
import { type CausalData, loadCausal } from '../data.ts';
import type { Perturb } from '../perturb.ts';
import { jackknife, type Uncertain } from './jackknife.ts';
import { stimulatedNeurons } from './stimulations.ts';
import { openCausalTwin, respond, type Silenced, trialSd } from './twin.ts';

/** A what-if question to a causal twin. */
export interface CausalRequest {
  /** Columns of the twin's own data; undefined: all, unless `stimulate` is given. */
  stimuli?: number[];
  /** Names of neurons, stimulated together. */
  stimulate?: string[];
  silence: { neurons: string[]; scope: 'outgoing' | 'both' }[];
  limit: number;
}

/** The neurons to silence, by name, for the whole response. Throws `bad-input` for what a linear response does not have. */
export function silencedByName(
  { activate = [], silence = [], scale = [] }: Perturb = {},
  kind: string,
): CausalRequest['silence'] {
  const strange = silence.some(
    ({ cell_type, neurons, from_ms, until_ms }) =>
      cell_type !== undefined || neurons === undefined || from_ms !== undefined || until_ms !== undefined,
  );
  if (activate.length > 0 || scale.length > 0 || strange)
    throw new BregmaError('bad-input', `${kind} stimulates neurons by name and can silence others, without times.`, {
      next: 'Pass stimulate: ["AVAL"], and perturb: {silence: [{neurons: ["AVEL"]}]}.',
    });
  return silence.map(({ neurons = [], scope = 'outgoing' }) => ({ neurons: [neurons].flat(), scope }));
}

/** What a causal twin predicts, with the uncertainty that comes from which neurons happened to be stimulated. */
export async function runCausal(twin: TwinCard, request: CausalRequest, context: ToolContext) {
  const { stimulate, stimuli } = request;
  if (stimulate && stimuli)
    throw new BregmaError('bad-input', 'stimulate names neurons, stimuli columns of the data: give one of them.');
  const data = await loadCausal(twin.data, context.workspace);
  throwIfCancelled(context.signal);
  const { names } = data;
  const find = (name: string) => {
    const found = names.indexOf(name);
    if (found < 0) throw unknownName(`neuron in ${data.reference}`, name, nearest(name, names));
    return found;
  };
  const silenced: Silenced = { outgoing: [], both: [] };
  for (const { neurons, scope } of request.silence) silenced[scope].push(...neurons.map(find));
  const quiet = new Set([...silenced.outgoing, ...silenced.both]);
  const opened = openCausalTwin(twin, context.workspace);
  const responses = await respond(opened, silenced);
  const common = {
    kind: 'predicted' as const,
    n: { count: names.length, of: 'neurons' },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, data.reference],
    seed: twin.seed,
  };
  const uncertainty = {
    method:
      'delete-a-group jackknife over stimulated neurons, 10 refits, t with 9 degrees of freedom; without the noise of a measurement and without what the ridge shrinks',
    level: 0.95,
  };
  if (!stimulate) {
    const columns = stimuli ?? names.map((_, i) => i);
    const outside = columns.find((column) => column >= names.length);
    if (outside !== undefined)
      throw new BregmaError(
        'bad-input',
        `${data.reference} has neurons 0 to ${names.length - 1} to stimulate; ${outside} is not one of them.`,
      );
    const places = names.flatMap((_, row) => columns.map((column) => row * names.length + column));
    const errors = places.map((at) => spread(responses, at).se);
    const store = (values: number[]) =>
      context.workspace.objects.put(
        writeNpy({ data: Float64Array.from(values), shape: [names.length, columns.length] }),
        'application/x-npy',
      );
    const [predictions, standardErrors] = [store(places.map((at) => responses[0][at])), store(errors)];
    const typical = median(errors);
    return {
      ...common,
      value: {
        predictions,
        standardErrors,
        shape: [names.length, columns.length],
        axes: ['neuron', 'stimulus'],
        unit: 'as the data: stimulus-triggered average',
        stimulated: columns.slice(0, request.limit).map((column) => names[column]),
        fittedOn: seenOf(twin, data, columns),
        medianStandardError: typical,
        notes: unsureNames(
          data,
          columns.slice(0, request.limit).map((column) => names[column]),
        ),
      },
      uncertainty: { ...uncertainty, low: null, high: null, of: 'each prediction: see standardErrors' },
      outputs: [predictions.object, standardErrors.object],
    };
  }
  const columns = stimulate.map(find);
  const blocked = columns.find((column) => quiet.has(column));
  if (blocked !== undefined)
    throw new BregmaError('bad-input', `${names[blocked]} cannot be stimulated and silenced at once.`);
  const intact = quiet.size > 0 ? await respond(opened) : responses;
  const noise = trialSd(twin, context.workspace);
  const rows = names.map((neuron, row) => {
    const total = together(responses, row, columns, opened.fits);
    const effect =
      quiet.size > 0 ? total.map((value, k) => value - together(intact, row, columns, opened.fits)[k]) : undefined;
    return {
      neuron,
      ...jackknife(total[0], total.slice(1)),
      trialSd: noise[row],
      bySilencing: effect ? jackknife(effect[0], effect.slice(1)) : undefined,
      withoutSilencing: quiet.size > 0 ? together(intact, row, columns, opened.fits)[0] : undefined,
    };
  });
  const { objects } = context.workspace;
  const values = Float64Array.from(rows, ({ value }) => value);
  const predictions = objects.put(writeNpy({ data: values, shape: [names.length] }), 'application/x-npy');
  const table = objects.put(JSON.stringify(rows), 'application/json');
  const key = (row: (typeof rows)[number]) => Math.abs(row.bySilencing?.value ?? row.value);
  const ranked = rows
    .filter(({ neuron }) => !stimulate.includes(neuron) && !silenced.both.includes(names.indexOf(neuron)))
    .sort((a, b) => key(b) - key(a));
  const strongest = ranked.slice(0, request.limit);
  return {
    ...common,
    value: {
      predictions,
      table,
      shape: [names.length],
      axes: ['neuron'],
      unit: 'as the data: stimulus-triggered average',
      strongest,
      notes: unsureNames(data, [...stimulate, ...strongest.map(({ neuron }) => neuron)]),
      rankedBy: quiet.size > 0 ? 'size of what silencing changes' : 'size of the response',
      fittedOn: seenOf(twin, data, columns),
    },
    completeness: { returned: strongest.length, available: ranked.length, of: 'neurons' },
    uncertainty: {
      ...uncertainty,
      low: strongest[0]?.low ?? null,
      high: strongest[0]?.high ?? null,
      of: `response of ${strongest[0]?.neuron ?? 'the strongest'}`,
    },
    outputs: [predictions.object, table.object],
  };
}

/** Response of one neuron to several stimulated together, in each fit: responses add, the offset counts once. */
function together(
  responses: Float64Array[],
  row: number,
  columns: number[],
  fits: { offset: Float64Array }[],
): number[] {
  const n = fits[0].offset.length;
  return responses.map((one, k) =>
    columns.reduce((sum, column) => sum + one[row * n + column] - fits[k].offset[row], fits[k].offset[row]),
  );
}

function spread(responses: Float64Array[], at: number): Uncertain {
  return jackknife(
    responses[0][at],
    responses.slice(1).map((one) => one[at]),
  );
}

/** How many of these columns the twin was fitted to: of the neurons of its data, only those that were stimulated can be. */
function seenOf({ fittedOn }: TwinCard, data: CausalData, columns: number[]): string {
  const fitted = new Set(fittedOn.indices ?? stimulatedNeurons(data));
  return `${columns.filter((column) => fitted.has(column)).length} of ${columns.length} stimulated neurons`;
}

/** A note on names that the data are not sure of, among these neurons; none where all are sure or the data do not say. */
function unsureNames({ names, confident }: CausalData, neurons: string[]): string[] {
  const unsure = neurons.filter((name) => confident?.[names.indexOf(name)] === false);
  if (unsure.length === 0) return [];
  return [`the data are not sure of the names of ${unsure.join(', ')}: which cell it is may be mistaken`];
}
