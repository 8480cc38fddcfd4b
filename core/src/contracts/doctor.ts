import * as z from 'zod';

/** One thing that Bregma needs, or could use, on this machine. */
export const Finding = z.object({
  /** `node`, `duckdb`, `onnx`, `gpu`, `wall`, `mirror`, `write`, `disk`; the editor adds its own. */
  id: z.string(),
  what: z.string(),
  /** optional: absent, and nothing fails without it. */
  state: z.enum(['ok', 'optional', 'missing']),
  detail: z.string(),
  /** What a person can do. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** What `bregma doctor --json` prints. */
export const DoctorReport = z.object({ version: z.string(), findings: z.array(Finding) });
export type DoctorReport = z.infer<typeof DoctorReport>;
