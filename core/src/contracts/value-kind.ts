import * as z from 'zod';

/**
 * How a value came to be. `measured`: read from an organism. `derived`: computed from measurements alone.
 * `not stated`: an own file of which nobody said it. `predicted`: by a fitted twin. `simulated`: by a mechanistic twin.
 * `imputed`: filled in. `synthetic`: made by a generator.
 */
export const ValueKind = z.enum([
  'measured',
  'derived',
  'not stated',
  'predicted',
  'simulated',
  'imputed',
  'synthetic',
]);
export type ValueKind = z.infer<typeof ValueKind>;

/** How a person says of an own file how its values came to be: the next step of whatever needs them measured. */
export const howToState =
  'If they were read from an organism, add the file again with options {"kind": "measured"}; else with "derived", "predicted", "simulated", "imputed" or "synthetic".';
