/**
 * Which rows are kept back: a share of the levels of a column or an axis (subject, session,
 * stimulus), or of the rows. Drawn by seed alone.
 */
export interface Withholding {
  by: string;
  share: number;
  seed: number;
}
