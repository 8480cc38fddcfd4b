import type { CardModel } from './model.ts';

/** A data set with two sections and two actions. */
export const sample = (): CardModel => ({
  title: 'Responses of macaque V4 to natural images',
  id: 'macaque-v4-cowley2023@2023',
  kind: 'measured',
  description: 'Spike counts of neurons in V4 while images were shown.',
  sections: [
    { heading: 'What it is', facts: [{ name: 'Species', text: 'Macaca mulatta' }] },
    { heading: 'Tables', facts: [{ name: 'responses', text: '1,000 rows' }] },
  ],
  actions: [
    { label: 'Explore', intent: 'explore', payload: { id: 'macaque-v4-cowley2023@2023' } },
    { label: 'Trace', intent: 'open-activity', payload: { activity: 'act-0123456789abcdef' } },
  ],
});
