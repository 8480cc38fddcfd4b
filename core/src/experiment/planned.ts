import type { LedgerReader } from '../ledger/ledger.ts';

/** Stimuli of a plan, or undefined where there is no plan of that id that can be read. */
export function findPlanned(ledger: Pick<LedgerReader, 'latest'>, plan: string): number[] | undefined {
  return ledger.latest('plan', plan)?.body.content.design.stimuli;
}
