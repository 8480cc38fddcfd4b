import { DoctorReport, Finding } from '@bregma/core/contracts/doctor';
import * as z from 'zod';

/** What a machine has of what Bregma needs. */
export const DoctorModel = z.object({
  version: DoctorReport.shape.version,
  /** True while it is still looking. */
  busy: z.boolean(),
  findings: z.array(Finding.extend({ button: z.string().optional() })),
});
export type DoctorModel = z.infer<typeof DoctorModel>;
