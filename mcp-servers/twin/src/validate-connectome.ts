import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { loadCausal, loadConnectome } from './data.ts';
import { shuffleWiring } from './domain/connectome.ts';
import { causalCorrelation, causalValidity, matchNeurons } from './domain/connectome-validity.ts';
import type { PropagationKind } from './kinds/kind.ts';
import type { ValidationRequest } from './validate-encoding.ts';

/** Shuffled connectomes that the real one is compared with. */
const controls = 20;

/** Correlation of a connectome twin with measured causal responses, beside the same twin on shuffled wiring. */
export async function validateConnectome(
  { kind, twin, data, protocol, seed }: ValidationRequest<PropagationKind>,
  context: ToolContext,
) {
  if (!twin || protocol !== 'heldout') {
    throw new BregmaError('bad-input', `${kind.name} is fitted to nothing but its connectome: there are no folds.`, {
      next: 'Build it with build_twin on a connectome, then validate_twin {twin, data: a causal-responses release, protocol: "heldout"}.',
    });
  }
  const [{ connectome, reference: wiring, release: source }, recording] = await Promise.all([
    loadConnectome(twin.data, context.workspace),
    loadCausal(data, context.workspace),
  ]);
  const evaluate = async (wired: typeof connectome) => {
    const responses = await kind.respond(wired, twin.options, context.signal);
    return matchNeurons({ names: wired.neurons, responses }, recording);
  };
  const matched = await evaluate(connectome);
  if (matched.names.length < 3)
    throw new BregmaError(
      'bad-input',
      `${wiring} and ${recording.reference} share ${matched.names.length} neurons by name.`,
    );
  const validity = causalValidity(matched, seed);
  const shuffled: number[] = [];
  for (let i = 0; i < controls; i++) {
    context.progress({ done: i, total: controls, message: 'shuffled wiring' });
    shuffled.push(causalCorrelation(await evaluate(shuffleWiring(connectome, `${seed} ${i}`))));
  }
  const perUnit = context.workspace.objects.put(JSON.stringify(validity.perStimulated), 'application/json');
  const unmatched = recording.names.filter((name) => !matched.names.includes(name));
  return {
    value: {
      protocol,
      twin: twin.id,
      kind: kind.name,
      data: recording.reference,
      domain: 'under perturbation',
      pearson: validity.pearson,
      spearman: validity.spearman,
      median: {
        pearson: median(validity.perStimulated.map((unit) => unit.pearson ?? Number.NaN)),
        spearman: median(validity.perStimulated.map((unit) => unit.spearman ?? Number.NaN)),
      },
      ci: validity.ci,
      ceiling: null,
      ceilingIs:
        'not measured here: the training part holds one average a pair; SOURCE.md gives r = 0.16 with the withheld part',
      control: median(shuffled),
      controlRange: {
        low: Math.min(...shuffled),
        high: Math.max(...shuffled),
        p95: quantile(shuffled, 0.95),
        n: controls,
      },
      controlIs: 'the same twin on degree-preserving shuffles of its wiring',
      tested: { pairs: validity.pairs, stimulated: validity.stimulated, neurons: matched.names.length },
      unmatched: unmatched.slice(0, 20),
      perUnit,
    },
    kind: 'derived' as const,
    n: { count: validity.stimulated, of: 'stimulated neurons' },
    completeness: {
      returned: matched.names.length,
      available: recording.names.length,
      of: 'recorded neurons found in the connectome',
    },
    uncertainty: {
      method: `bootstrap of r over stimulated neurons, ${validity.ci.resamples} resamples`,
      level: validity.ci.level,
      low: validity.ci.low,
      high: validity.ci.high,
      of: 'pearson over pairs',
    },
    release: [wiring, recording.reference],
    licence: [source.card.licence, recording.release.card.licence],
    cite: [...twin.cite, ...recording.release.card.cite],
    inputs: [twin.id, wiring, recording.reference],
    outputs: [perUnit.object],
    seed,
  };
}
