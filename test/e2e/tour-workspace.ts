import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { connect, root } from '../fixtures/client.ts';

/** What the tour opens by name. */
export interface TourWorkspace {
  folder: string;
  /** The hypothesis that has a verdict. */
  tested: string;
  /** A plan that waits for a person. */
  plan: string;
  /** Activities of `validate_twin`. */
  validities: string[];
  notebook: string;
}

/** The first loop, then what an agent would leave behind: a wiring diagram, a draft, a plan that waits, a notebook. */
export async function tourWorkspace(folder: string): Promise<TourWorkspace> {
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(process.execPath, [path.join(root, 'dist/bregma.mjs'), 'start', '--yes', '--out', folder], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
  const twins = ledger.list('twin').map(({ body }) => body.id);
  const planned = ledger.list('activity', 'plan_experiment')[0].body.arguments;
  const tested = ledger.list('hypothesis')[0].subject;
  const validities = ledger.list('activity', 'validate_twin').map(({ id }) => id);
  ledger.close();

  const [atlas, lab] = await Promise.all((['atlas', 'lab'] as const).map((server) => connect(server, folder)));
  try {
    await atlas.call('add_data', { source: 'celegans-cook2019' });
    const claim = {
      rivals: ['Both predict it equally well.', 'The pooled twin is better where receptive fields are large.'],
      predictions: [{ metric: 'r_difference', direction: 'greater', size: 0.05, between: twins.slice(0, 2) }],
    };
    await lab.call('record_hypothesis', {
      ...claim,
      claim: 'Neurons of macaque V4 keep the place of oriented energy also for images of faces.',
    });
    const { value } = await lab.call('record_hypothesis', {
      ...claim,
      claim: 'What a V4 neuron says of one glance is predicted better by local than by pooled energy.',
    });
    await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    const { value: plan } = await lab.call('plan_experiment', {
      hypothesis: value.hypothesis,
      subject: planned.subject,
      stimuli: planned.stimuli,
      repeats: 1,
    });
    const notebook = 'wiring.bregma.md';
    writeFileSync(path.join(folder, notebook), wiring(tested));
    return { folder, tested, plan: plan.plan, validities, notebook };
  } finally {
    await Promise.all([atlas.close(), lab.close()]);
  }
}

const wiring = (hypothesis: string) => `---
title: Wiring of the worm
releases: [celegans-cook2019@2019]
---

# How many connections of each kind?

Weights are as published.

\`\`\`sql name=kinds
SELECT kind, count(*) AS connections, sum(weight) AS weight FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`plot
data: kinds
marks:
  - {mark: bar, x: kind, y: connections}
\`\`\`

\`\`\`hypothesis
${hypothesis}
\`\`\`
`;
