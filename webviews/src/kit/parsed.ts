import * as z from 'zod/mini';

// Without this zod probes for `eval`, which the policy of every host forbids and reports.
z.config({ jitless: true });

/** The value as the schema says, or an Error that names the view, the place and what is wrong there. */
export function parsed<Model>(schema: z.ZodMiniType<Model>, value: unknown, view: string): Model {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new Error(`This is nothing that the view “${view}” can show: ${issue.message || issue.code}${place}.`);
}
