import * as z from 'zod';
import { serverNames } from './server-name.ts';

/** The parts of a JSON schema that a notebook reads. */
export interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
}

/** A schema that says more than is read here is taken all the same: what a notebook does not know, it leaves alone. */
const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional().catch(undefined),
    description: z.string().optional(),
    default: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), JsonSchema).optional(),
    items: JsonSchema.optional().catch(undefined),
    required: z.array(z.string()).optional(),
  }),
);

/** A tool as its server advertises it. The build writes the list beside the servers, and the editor reads it. */
export const ToolForm = z.object({
  server: z.enum(serverNames),
  name: z.string(),
  question: z.string(),
  /** It spends or moves something that cannot be taken back. */
  acts: z.boolean(),
  input: JsonSchema,
});
export type ToolForm = z.infer<typeof ToolForm>;
