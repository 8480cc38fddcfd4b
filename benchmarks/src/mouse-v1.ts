import { recording } from './families/recording.ts';

/** Small: fifty images, each shown ten times; half of them is open. */
export const mouseV1 = recording({
  name: 'images-4',
  title: 'Mouse V1: repeated natural images, region 1',
  cite: ['Antolík, Hofer, Bednar & Mrsic-Flogel 2016, PLoS Comput Biol 12:e1004927'],
  licence: 'unclear: supplement of a CC BY 4.0 paper; the carrying repository names none',
  data: 'mouse-v1-antolik2016-region1@2016',
  sealed: 'd188c1c2c36e79da616f7d45c1442fd3ae4de6be42d757af27f5bb3d252c4569',
  mechanism: 'ladder',
  step: 0.02,
  cap: 'ceiling',
  canaries: 0.08,
  budget: { workspace: 10, person: 30 },
  exposure: 'public-known',
});
