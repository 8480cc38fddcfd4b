import { kindSigns } from '@bregma/core/contracts/kind-signs';
import type { ValueKind } from '@bregma/core/contracts/value-kind';

/** What each kind says. */
export const kindMeanings: Record<ValueKind, string> = {
  measured: 'read from an organism',
  derived: 'computed from measurements alone',
  'not stated': 'nobody said whether they were measured: not evidence',
  predicted: 'by a fitted twin',
  simulated: 'by a mechanistic twin',
  imputed: 'filled in',
  synthetic: 'made by a generator: never evidence',
};

/** Whether a name is one of the kinds. A record that was written by something else may hold any text. */
export const isValueKind = (kind: unknown): kind is ValueKind =>
  typeof kind === 'string' && Object.hasOwn(kindSigns, kind);

/** The sign of a kind, for a picture. */
export const kindSign = (kind: ValueKind): string => kindSigns[kind];

/** Dashes of a line of values of this kind: what comes from an organism is drawn solid. */
export const kindDash: Record<ValueKind, string | undefined> = {
  measured: undefined,
  derived: undefined,
  'not stated': '3 3',
  predicted: '7 4',
  simulated: '2 3',
  imputed: '1 4',
  synthetic: '9 3 2 3',
};
