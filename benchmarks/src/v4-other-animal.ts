import { macaqueV4 } from './families/macaque-v4.ts';

/** Another monkey than that of `images-1`; one half of its images is open, so that a core that was made on others can be read out. */
export const v4OtherAnimal = macaqueV4({
  name: 'images-2',
  title: 'Macaque V4, other animal: one half of a session, read out from the other',
  data: 'macaque-v4-201025@2023-11.2',
  sealed: '561cda41ddf76f544142afad14e4a6a8c7d7d9c8187841e1925f5b7b656d0512',
});
