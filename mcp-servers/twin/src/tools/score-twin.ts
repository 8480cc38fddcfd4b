import { BregmaError, unknownName } from '@bregma/core/errors';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import { askScorer, scorerPlace } from '@bregma/core/scorer/client';
import * as z from 'zod';
import { describeBenchmark, listBenchmarks } from '../sealed/describe.ts';
import { predictionsOf, predictionsOfTwin, refuseFitted } from '../sealed/predictions.ts';
import { probeCircuit } from '../sealed/probe.ts';
import { scoreHandedIn } from '../sealed/score.ts';
import { fileOf } from '../twin-files.ts';

const names = z.array(z.string()).max(8).default([]);

export const scoreTwin = defineTool({
  name: 'score_twin',
  question: 'How well does a twin predict sealed data that nobody here can read? Without benchmark: which there are.',
  input: z.object({
    benchmark: z.string().optional().describe('Alone: its card and open arrays'),
    twin: z.string().optional(),
    network: z.boolean().default(false).describe('Send the twin; the scorer runs it'),
    predictions: z.string().optional().describe('Instead of twin: object, NPY [unit × item]'),
    probe: z.object({ stimulate: names, silence: names }).optional().describe('One intervention on a hidden circuit'),
    tried: z.string().max(400).optional().describe('What is new in this attempt'),
    after: z.string().optional().describe('Record of the attempt before'),
  }),
  output: z.looseObject({}),
  effect: 'act',
  async run({ benchmark, twin: id, network, predictions, probe, tried, after }, context) {
    const place = scorerPlace();
    const { ledger, objects } = context.workspace;
    const { benchmarks } = await askScorer(place, 'list', {});
    if (benchmark === undefined) return listBenchmarks(benchmarks);
    const held = benchmarks.find(({ card }) => card.name === benchmark);
    if (!held) {
      const known = benchmarks.map(({ card }) => card.name);
      throw unknownName('benchmark', benchmark, nearest(benchmark, known), `The scorer has: ${known.join(', ')}.`);
    }
    const given = [id, predictions, probe].filter((one) => one !== undefined).length;
    if (given === 0) return describeBenchmark(place, held, context);
    if (given > 1) throw new BregmaError('bad-input', 'Give one of twin, predictions and probe.');
    if (probe) return probeCircuit(place, held.card, probe, context);
    const twin = id === undefined ? undefined : findTwin(ledger, id);
    if (twin) await refuseFitted(twin, held.card, context);
    const attempt = { of: twin?.id ?? predictions ?? '', tried, after };
    if (twin && network)
      return scoreHandedIn(place, held.card, { network: objects.get(fileOf(twin, 'network.onnx')) }, attempt, context);
    const made = twin
      ? await predictionsOfTwin(twin, held.card, context)
      : predictionsOf(objects.get(predictions ?? ''), held.card);
    return scoreHandedIn(place, held.card, { predictions: made }, attempt, context);
  },
});
