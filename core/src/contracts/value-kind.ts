import * as z from 'zod';

/**
 * How a value came to be. `measured`: read from an organism. `derived`: computed from measurements alone.
 * `predicted`: by a fitted twin. `simulated`: by a mechanistic twin. `imputed`: filled in. `synthetic`: made by a generator.
 */
export const ValueKind = z.enum(['measured', 'derived', 'predicted', 'simulated', 'imputed', 'synthetic']);
export type ValueKind = z.infer<typeof ValueKind>;
