/** Something in the store that is not as it was written. */
export interface Fault {
  /** What is damaged: a record id, an object digest, a mark, the ledger file, a file of the cache. */
  what: string;
  problem: string;
}

/** How far a verification is. */
export interface VerifyStep {
  done: number;
  total: number;
  /** What is being counted. */
  of: 'records' | 'objects' | 'copies';
}
