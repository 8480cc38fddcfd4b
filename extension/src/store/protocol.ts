import type { ErrorCode } from '@bregma/core/errors';

/** What the editor asks of the thread that reads the store. */
export interface Ask {
  id: number;
  query: string;
  args: unknown[];
}

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: { code: ErrorCode; message: string; next?: string } };

/** Said by itself whenever the ledger has grown, by whichever process. seq 0: there is no ledger yet. */
export interface Grown {
  grown: { seq: number };
}
