import { recording } from './families/recording.ts';

/** Another monkey than that of `images-1`; one half of its images is open, so that a core that was made on others can be read out. */
export const v4OtherAnimal = recording({
  name: 'images-2',
  title: 'Macaque V4, other animal: one half of a session, read out from the other',
  cite: ['Cowley, Stan, Pillow & Smith 2023, bioRxiv: Compact deep neural network models of visual cortex'],
  licence: 'GPL-3.0',
  data: 'macaque-v4-201025@2023-11.2',
  sealed: '561cda41ddf76f544142afad14e4a6a8c7d7d9c8187841e1925f5b7b656d0512',
  mechanism: 'ladder',
  step: 0.01,
  cap: 0.85,
  canaries: 0.05,
  budget: { workspace: 20, person: 60 },
  exposure: 'public-known',
});
