/** Outlines on a 16 × 16 grid, one for each state: a state is known by its sign and its word, not by its colour alone. */
const outlines: Record<string, string> = {
  draft: 'M3 13l1-3.5L11 2.5l2.5 2.5-7 7L3 13zM9.5 4l2.5 2.5',
  frozen: 'M8 1.5v13M2.4 4.75l11.2 6.5M13.6 4.75L2.4 11.25M6.4 2.6L8 4.2l1.6-1.6M6.4 13.4L8 11.8l1.6 1.6',
  tested: 'M6 2h4M6.8 2v4.2L3 13.2h10L9.2 6.2V2M4.8 10h6.4',
  supported: 'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM5 8.2l2.1 2.2L11.2 6',
  refuted: 'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  contradictory: 'M2 5.5h9.5M8.8 2.8l2.9 2.7-2.9 2.7M14 10.5H4.5M7.2 7.8l-2.9 2.7 2.9 2.7',
  inconclusive:
    'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM6 6.4c.1-1.4 1-2 2-2s2 .7 2 1.8c0 1.5-2 1.5-2 3M8 11.2v.4',
  'post hoc': 'M2 8l3.4-4v2.4H14v3.2H5.4V12L2 8zM10 2v2.4M10 11.6V14',
  superseded: 'M3.2 3v3.4h3.4M3.6 6.2A5.4 5.4 0 1 1 2.7 9M8 5.4V8l2 1.6',
  waiting: 'M8 2a4 4 0 0 0-4 4v3l-1.4 2.5h10.8L12 9V6a4 4 0 0 0-4-4zM6.6 13.4h2.8',
  reviewed:
    'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  approved: 'M8 1.6l5.4 2v4.2c0 3.2-2.2 5.6-5.4 6.6-3.2-1-5.4-3.4-5.4-6.6V3.6L8 1.6zM5.4 8l1.9 1.9 3.4-3.8',
  expired: 'M4 2h8M4 14h8M5 2c0 3.2 3 4 3 6s-3 2.8-3 6M11 2c0 3.2-3 4-3 6s3 2.8 3 6',
  void: 'M8 2l6.4 11.6H1.6L8 2zM8 6.4v3.4M8 11.4v.4',
  rejected: 'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM3.6 3.6l8.8 8.8',
  running: 'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM6.6 5.4v5.2L10.8 8 6.6 5.4z',
  elsewhere: 'M2 3h12v7.6H2zM5.4 13.4h5.2M8 10.6v2.8',
  interrupted: 'M2 8h4M10 8h4M6 5v6M10 5v6',
  complete: 'M8 1.6a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8 1.6zM5 8.2l2.1 2.2L11.2 6',
  stopped: 'M3.4 3.4h9.2v9.2H3.4z',
  failed: 'M8 2l6.4 11.6H1.6L8 2zM8 6.4v3.4M8 11.4v.4',
  obsolete: 'M3.2 3v3.4h3.4M3.6 6.2A5.4 5.4 0 1 1 2.7 9M8 5.4V8l2 1.6',
};

/** SVG path of a state's sign, on a grid of 16 × 16. A state that is not known has that of `void`. */
export const outlineOf = (state: string): string => outlines[state] ?? outlines.void;
