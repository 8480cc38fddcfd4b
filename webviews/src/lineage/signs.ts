/** A drawing (16 × 16, strokes) and a word for each kind of thing in a lineage, so that kinds are seen without colour. */
const signs: Record<string, [path: string, word: string]> = {
  hypothesis: ['M8 1.5a4.5 4.5 0 0 0-2.2 8.3V12h4.4V9.8A4.5 4.5 0 0 0 8 1.5zM6.2 14.5h3.6', 'claim'],
  test: ['M8 2v12M4 14h8M3 4.5h10M3 4.5L1 9.5h4zM13 4.5L11 9.5h4z', 'verdict'],
  experiment: ['M5.5 1.5h5M6.5 1.5v4.5L2.5 14h11L9.5 6V1.5M4.5 10.5h7', 'experiment'],
  approval: ['M1.5 14.5h13M3 8l3.5 3.5L13.5 3', 'approval'],
  plan: ['M2.5 3.5h11M2.5 8h11M2.5 12.5h6', 'plan'],
  twin: ['M1.5 1.5h8.5v8.5h-8.5zM6 6h8.5v8.5H6z', 'twin'],
  dataset: ['M2.5 3.5c0-2.6 11-2.6 11 0v9c0 2.6-11 2.6-11 0zM2.5 3.5c0 2.6 11 2.6 11 0', 'data release'],
  file: ['M3.5 1.5h6l3.5 3.5v9.5h-9.5zM9.5 1.5v3.5h3.5', 'raw file'],
  object: ['M8 1.5l6 3.3v6.4l-6 3.3-6-3.3V4.8zM2 4.8l6 3.3 6-3.3M8 8.1v6.4', 'object'],
  activity: ['M4 2.5l9 5.5-9 5.5z', 'activity'],
  score: ['M8 1.5l2 4.3 4.7.5-3.5 3.2 1 4.7L8 11.9l-4.2 2.3 1-4.7L1.3 6.3 6 5.8z', 'sealed score'],
  validity: ['M2 14V9.5h3V14M6.5 14V5.5h3V14M11 14V2h3v12', 'validity'],
  stop: ['M3 3h10v10H3z', 'stop'],
};

/** Drawing of a kind, as an SVG path; a square for one that has none. */
export const signOf = (kind: string): string => signs[kind]?.[0] ?? 'M6 6h4v4H6z';
/** Word of a kind; the kind itself for one that has none. */
export const wordOf = (kind: string): string => signs[kind]?.[1] ?? kind;
