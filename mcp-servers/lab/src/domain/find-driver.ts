import { unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { LabDriver } from '../drivers/driver.ts';
import { drivers } from '../drivers/index.gen.ts';

/** The driver of this name. Throws `unknown-name` with the nearest. */
export function findDriver(name: string): LabDriver {
  const found = drivers.find((driver) => driver.name === name);
  if (found) return found;
  const names = drivers.map((driver) => driver.name);
  throw unknownName('driver', name, nearest(name, names), `There are: ${names.join(', ')}.`);
}
