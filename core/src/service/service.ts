/** A small process beside the workspace that a person runs, as another user or on another host, and what it is called. */
export interface Service {
  /** In sentences and in `bregma NAME`. */
  name: 'witness' | 'scorer';
  /** Environment variable with its address; with `_TOKEN` behind it, its token. */
  variable: 'BREGMA_WITNESS' | 'BREGMA_SCORER';
  /** What a person runs to say where it is. */
  join: string;
}

/** Holds approvers' keys, budgets and heads. */
export const witnessService: Service = {
  name: 'witness',
  variable: 'BREGMA_WITNESS',
  join: 'bregma witness join',
};

/** Alone reads sealed data, and says how well predictions fit them. */
export const scorerService: Service = {
  name: 'scorer',
  variable: 'BREGMA_SCORER',
  join: 'bregma benchmark join',
};
