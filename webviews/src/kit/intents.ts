import * as z from 'zod/mini';

/** Payload of the intent `copy`: what a view gives to the clipboard or to a file. */
export const CopyIntent = z.object({
  format: z.enum(['png', 'svg', 'csv', 'json']),
  /** Of the picture or table; a host that writes a file makes a file name of it. */
  name: z.string(),
  /** Text; png: base64. */
  data: z.string(),
});
export type CopyIntent = z.infer<typeof CopyIntent>;

/** Payload of the intent `open-activity`. */
export const OpenActivityIntent = z.object({ activity: z.string() });
export type OpenActivityIntent = z.infer<typeof OpenActivityIntent>;
