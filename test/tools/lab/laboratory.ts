import path from 'node:path';
import { createKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { digestOf } from '@bregma/core/canonical';
import type { Activity } from '@bregma/core/contracts/activity';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { Approval } from '@bregma/core/contracts/experiment';
import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { temporaryWorkspace } from '../../fixtures/client.ts';

export interface Laboratory {
  folder: string;
  workspace: OpenWorkspace;
  subject: string;
  /** Ids of the twins, the better one first. */
  twins: [string, string];
  /** Their predictions for the whole recording: objects [neuron × stimulus]. */
  predictions: [string, string];
  /** Stimuli that no twin was fitted on. */
  unseen: number[];
  approve(plan: string, options?: { hours?: number; demo?: boolean; now?: Date; by?: string }): Approval;
  claim: Record<string, unknown>;
  close(): void;
}

export interface LaboratoryOptions {
  neurons?: number;
  stimuli?: number;
  slots?: number;
  /** Kind that the recording says it is. */
  kind?: ValueKind;
  /** Errors of the two twins' predictions, in units of the neurons' tuning. */
  errors?: [number, number];
  seed?: number;
}

/**
 * A workspace with a recording, two twins of its first ten stimuli, and their predictions. Responses are tuning + noise shared
 * by the neurons + own noise; every seventh presentation of the last slot is missing (NaN).
 */
export function laboratory(options: LaboratoryOptions = {}): Laboratory {
  const { neurons = 12, stimuli = 50, slots = 4, kind = 'measured', errors = [0.3, 1.5], seed = 1 } = options;
  const temporary = temporaryWorkspace();
  const workspace = openWorkspace(temporary.folder);
  const random = makeRandom(seed);
  const tuning = Float64Array.from({ length: neurons * stimuli }, () => random.normal());
  const responses = new Float64Array(neurons * stimuli * slots);
  for (let s = 0; s < stimuli; s++)
    for (let slot = 0; slot < slots; slot++) {
      const shared = random.normal();
      const missing = slot === slots - 1 && s % 7 === 0;
      for (let n = 0; n < neurons; n++)
        responses[(n * stimuli + s) * slots + slot] = missing
          ? Number.NaN
          : 5 + tuning[n * stimuli + s] + 0.7 * shared + 0.7 * random.normal();
    }
  const object = workspace.objects.put(
    writeNpy({ data: responses, shape: [neurons, stimuli, slots] }),
    'application/x-npy',
  );
  const images = workspace.objects.put(
    writeNpy({
      data: Uint8Array.from({ length: stimuli * 4 }, (_, i) => (i >> 2) >> (8 * (i & 3))),
      shape: [stimuli, 2, 2, 1],
    }),
    'application/x-npy',
  );
  const release: DatasetRelease = {
    id: 'test-recording',
    release: '1',
    card: {
      title: 'Test recording',
      description: '',
      modality: 'test',
      kind,
      cite: [],
      licence: 'CC0-1.0',
      exposure: 'private',
    },
    files: [{ name: 'raw.npy', bytes: object.bytes, sha256: object.object, origin: 'https://example.org/raw.npy' }],
    tables: [],
    arrays: [
      {
        name: 'stimuli',
        object: images.object,
        dtype: 'uint8',
        shape: [stimuli, 2, 2, 1],
        axes: ['stimulus', 'y', 'x', 'channel'],
      },
      {
        name: 'responses',
        object: object.object,
        dtype: 'float64',
        shape: [neurons, stimuli, slots],
        axes: ['neuron', 'stimulus', 'repeat'],
      },
    ],
    shape: 'stimulus-response',
  };
  workspace.ledger.append([{ kind: 'dataset', subject: 'test-recording@1', body: release }]);
  const made = errors.map((error, i) => {
    const values = Float64Array.from(tuning, (value) => value + error * random.normal());
    return addTwin(workspace, `twin ${i}`, values, [neurons, stimuli]);
  });
  const twins: [string, string] = [made[0].twin, made[1].twin];
  return {
    folder: temporary.folder,
    workspace,
    subject: 'test-recording@1',
    twins,
    predictions: [made[0].predictions, made[1].predictions],
    unseen: Array.from({ length: stimuli - 10 }, (_, i) => i + 10),
    claim: {
      claim: 'Twin 0 predicts this recording better than twin 1 does.',
      rivals: ['Both predict it equally well.'],
      predictions: [{ metric: 'r_difference', direction: 'greater', size: 0, between: twins }],
    },
    approve(plan, { hours, demo, now, by = 'Ada Tester' } = {}) {
      const file = path.join(temporary.folder, `key-${Math.random().toString(36).slice(2)}.pem`);
      const key = createKey(file, 'correct horse battery', { demo });
      trustKey(workspace, key, 'Ada Tester');
      return approvePlan(workspace, plan, key, { by, expiresInHours: hours, now }).body;
    },
    close() {
      workspace.close();
      temporary.remove();
    },
  };
}

/** A twin fitted on stimuli 0 to 9 and an activity that made its predictions. */
export function addTwin(
  workspace: OpenWorkspace,
  title: string,
  values: Float64Array,
  shape: number[],
  tool: 'run_twin' | 'design_experiment' = 'run_twin',
  data = 'test-recording@1',
): { twin: string; predictions: string } {
  const card: Omit<TwinCard, 'id'> = {
    kind: 'test',
    title,
    data,
    fittedOn: { part: 'stimuli', n: 10, of: 'stimuli', indices: Array.from({ length: 10 }, (_, i) => i) },
    exposure: 'private',
    options: {},
    seed: 0,
    files: [],
    summary: {},
    cite: [],
  };
  const twin = `twin-${digestOf(card).slice(0, 16)}`;
  const predictions = workspace.objects.put(writeNpy({ data: values, shape }), 'application/x-npy').object;
  const activity: Activity = {
    server: 'bregma-twin',
    tool,
    effect: 'compute',
    arguments: tool === 'run_twin' ? { twin } : { twins: [twin] },
    answer: tool === 'run_twin' ? undefined : { value: { predictions: [{ twin, object: predictions }] } },
    inputs: [twin],
    outputs: [predictions],
    releases: ['test-recording@1'],
    code: 'test',
    client: 'test',
    start: new Date(0).toISOString(),
    end: new Date(0).toISOString(),
    status: 'ok',
  };
  workspace.ledger.append([
    { kind: 'twin', subject: twin, body: { ...card, id: twin } },
    { kind: 'activity', subject: tool, body: activity },
  ]);
  return { twin, predictions };
}
