import type { DataArray, DataCard, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import type { FormatKit } from '../formats/format.ts';

/** A file of a release, pinned. */
export interface RegistryFile {
  /** Path below the embedded `datasets/` folder and below `BREGMA_MIRROR`; also its name for `ingest`. */
  path: string;
  bytes: number;
  sha256: string;
  /** https URL, or in words how the file was made when no server offers it. */
  origin: string;
}

/** One release of a data set: what it is, then how its files become tables and arrays. */
export interface DatasetAdapter {
  id: string;
  release: string;
  shape: DatasetRelease['shape'];
  card: DataCard;
  files: RegistryFile[];
  /** Terms that a user must agree to before the data are added. */
  terms?: string;
  /** file: the absolute place of a file of `files`, by the end of its path; it was checked against its sha256. */
  ingest(
    file: (name: string) => string,
    kit: FormatKit,
  ): Promise<{ tables: Table[]; arrays: DataArray[]; warnings?: string[] }>;
}

/** A file of `datasets/` registers one release, or a family of them. */
export type DatasetFamily = DatasetAdapter | DatasetAdapter[];
