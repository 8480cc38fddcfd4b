import type { Benchmark } from '../benchmark.ts';
import { recording } from './recording.ts';

/** A benchmark on a session of macaque V4 (Cowley et al. 2023). Their repeats are not public: no ceiling is known, and the cap lies above all that was published. */
export const macaqueV4 = (session: Pick<Benchmark, 'name' | 'title' | 'sealed'> & { data: string }): Benchmark =>
  recording({
    ...session,
    cite: ['Cowley, Stan, Pillow & Smith 2023, bioRxiv: Compact deep neural network models of visual cortex'],
    licence: 'GPL-3.0',
    mechanism: 'ladder',
    step: 0.01,
    cap: 0.85,
    canaries: 0.05,
    budget: { workspace: 20, person: 60 },
    exposure: 'public-known',
  });
