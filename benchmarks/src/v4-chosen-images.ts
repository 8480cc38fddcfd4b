import { macaqueV4 } from './families/macaque-v4.ts';

/** Images chosen by active learning are among natural ones: what a twin was not made for weighs more than in `images-1`. */
export const v4ChosenImages = macaqueV4({
  name: 'images-3',
  title: 'Macaque V4, chosen images: a session with images that active learning chose',
  data: 'macaque-v4-190927@2023-11.2',
  sealed: 'ab9cf9186a1eca6a3c8eb0db7646b9effe4c81e53adc816b457296c497a05d65',
});
