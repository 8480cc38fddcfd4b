import { neuronDigests } from '@bregma/core/identity/digests';
import { firstHalf } from '@bregma/core/identity/first-half';
import { readCausalResponses, withoutOwnResponses } from '@bregma/readers/causal-responses';
import type { Benchmark } from './benchmark.ts';

const data = 'celegans-causal-randi2023@2024-train';

/** Half of the stimulated neurons is open: that to which `build_twin` fits with `part: "first-half"`. */
export const wormCausal: Benchmark = {
  name: 'pairs-1',
  title: 'Worm: responses of neurons to the stimulation of neurons that were not seen stimulated',
  task: 'Predict the response of each neuron to the stimulation of each other neuron.',
  cite: ['Randi, Sharma, Dvali & Leifer 2023, Nature 623:406'],
  licence: 'unclear: see the data set',
  data: [data],
  predicts: data,
  sealed: '5cf4767fb21266d1af88698970a968498d543f599a25c2853821cd57e6cf0ddd',
  metric: 'pooled-pearson',
  mechanism: 'ladder',
  step: 0.01,
  cap: 0.85,
  canaries: 0.05,
  budget: { workspace: 20, person: 60 },
  exposure: 'public-known',
  async make({ release: find, objects }) {
    const release = find(data);
    const { names, responses } = await readCausalResponses(release, (digest) => objects.get(digest));
    const n = names.length;
    const outcomes = withoutOwnResponses(responses, n);
    const stimulated = [...names.keys()].filter((column) =>
      names.some((_, row) => !Number.isNaN(outcomes[row * n + column])),
    );
    const digest = release.arrays.find(({ name }) => name === 'responses')?.object ?? '';
    const digests = neuronDigests({ id: release.id, digest, neurons: n, names });
    const open = Array.from(firstHalf(stimulated.map((column) => digests[column])), (i) => stimulated[i]);
    return {
      units: { of: 'neurons', count: n, names },
      items: { of: 'stimulated neurons', count: n, names },
      outcomes,
      open,
    };
  },
};
