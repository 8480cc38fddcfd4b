import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { licenceUrl, mayRedistribute } from '@bregma/core/provenance/crate/licences';

/** What can be looked at without the data: each principle as its authors number it (Wilkinson et al. 2016, Sci Data 3:160018, box 2). */
export interface FairCheck {
  principle: string;
  asks: string;
  passes: boolean;
}

/** The FAIR checks of a release, by its record alone. */
export function fairChecks({ card, files, tables, arrays }: DatasetRelease): FairCheck[] {
  const columns = tables.flatMap((table) => table.columns);
  const described = columns.filter(({ unit, description }) => unit !== undefined || description !== undefined);
  const check = (principle: string, asks: string, passes: boolean): FairCheck => ({ principle, asks, passes });
  return [
    check('F1', 'a DOI', card.doi !== undefined),
    check('F2', 'a description, a species and a modality', Boolean(card.description && card.species && card.modality)),
    check(
      'F3',
      'the digest of every file',
      files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)),
    ),
    check(
      'A1',
      'every file at an https address',
      files.length > 0 && files.every(({ origin }) => origin.startsWith('https://')),
    ),
    check('A1.1', 'no terms to agree to, and a licence that lets it be passed on', mayRedistribute(card.licence)),
    check('I1', 'open formats: Parquet and NPY', tables.length + arrays.length > 0),
    check('I2', 'the Latin name of the species', /^[A-Z][a-z]+ [a-z]+/.test(card.species ?? '')),
    check(
      'I3',
      'a unit or meaning for a half of the columns',
      columns.length === 0 || described.length >= columns.length / 2,
    ),
    check('R1.1', 'a licence that SPDX names', licenceUrl(card.licence) !== undefined),
    check('R1.2', 'a citation', card.cite.length > 0),
  ];
}
