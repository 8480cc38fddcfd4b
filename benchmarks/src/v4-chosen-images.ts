import { recording } from './families/recording.ts';

/** Images chosen by active learning are among natural ones: what a twin was not made for weighs more than in `images-1`. */
export const v4ChosenImages = recording({
  name: 'images-3',
  title: 'Macaque V4, chosen images: a session with images that active learning chose',
  cite: ['Cowley, Stan, Pillow & Smith 2023, bioRxiv: Compact deep neural network models of visual cortex'],
  licence: 'GPL-3.0',
  data: 'macaque-v4-190927@2023-11.2',
  sealed: 'ab9cf9186a1eca6a3c8eb0db7646b9effe4c81e53adc816b457296c497a05d65',
  mechanism: 'ladder',
  step: 0.01,
  cap: 0.85,
  canaries: 0.05,
  budget: { workspace: 20, person: 60 },
  exposure: 'public-known',
});
