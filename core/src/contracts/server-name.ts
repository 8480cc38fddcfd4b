/** The three servers, by their short names: `atlas` is `bregma-atlas` to a client. */
export const serverNames = ['atlas', 'twin', 'lab'] as const;
/** A server by its short name, as `bregma call` takes it. */
export type ServerName = (typeof serverNames)[number];
