/** A sign and a word for each kind of thing in a lineage, so that kinds are seen without colour. */
const signs: Record<string, [sign: string, word: string]> = {
  hypothesis: ['?', 'claim'],
  test: ['⚖', 'verdict'],
  experiment: ['⚗', 'experiment'],
  approval: ['✍', 'approval'],
  plan: ['▤', 'plan'],
  twin: ['⧉', 'twin'],
  dataset: ['⛁', 'data release'],
  file: ['▢', 'raw file'],
  object: ['·', 'object'],
  activity: ['▷', 'activity'],
  stop: ['■', 'stop'],
};

export const signOf = (kind: string): string => signs[kind]?.[0] ?? '·';
export const wordOf = (kind: string): string => signs[kind]?.[1] ?? kind;
