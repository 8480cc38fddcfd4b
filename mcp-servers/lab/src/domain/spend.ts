import { digestOf } from '@bregma/core/canonical';
import type { TestSpend } from '@bregma/core/contracts/hypothesis';
import type { Receipt } from '@bregma/core/contracts/receipt';
import { BregmaError } from '@bregma/core/errors';
import { type BudgetChoice, nextLevel } from '@bregma/core/hypothesis/budget';
import { refusePutBack } from '@bregma/core/ledger/put-back';
import { showHead, type TestAsked, witnessedLevel, witnessedLook } from '@bregma/core/witness/asking';
import type { Workspace } from '@bregma/core/workspace';

/**
 * Spends a level on a test, whatever happens from here on; no measured number was read yet. The witness, where the workspace has one,
 * gives the level; else the ledger does. by: what the test gives, e or p. refuse: throws where the test may not be; it is called again
 * while no other process can append. Throws as it does, as `refusePutBack` and `witnessedLevel`.
 */
export async function spendLevel(
  { ledger, bregma }: Workspace,
  asked: { test: TestAsked; by: 'e' | 'p'; wished?: BudgetChoice },
  refuse: () => void,
): Promise<TestSpend & { id: string }> {
  const check = () => {
    refusePutBack(ledger, bregma);
    refuse();
  };
  check();
  // What is post hoc spends nothing, so that the witness has nothing to give.
  const given = asked.test.postHoc ? undefined : await witnessedLevel(ledger, asked);
  const spent = await ledger.transact(
    (append) => {
      check();
      if (given) refuseTwice(ledger, given.receipt);
      const { test, by, wished } = asked;
      const body: TestSpend = {
        ...test,
        budget: given?.budget ?? nextLevel(ledger, by, wished),
        receipt: given?.receipt,
      };
      return { id: append({ kind: 'test', subject: test.hypothesis, body }).id, ...body };
    },
    { durable: true },
  );
  await showHead(ledger);
  return spent;
}

/** Two processes that ask for one test at once get one receipt: it stands once. */
function refuseTwice(ledger: Workspace['ledger'], { statement }: Receipt): void {
  const stands = ledger
    .list('test')
    .some(({ body }) => body.phase === 'spent' && digestOf(body.receipt?.statement ?? {}) === digestOf(statement));
  if (!stands) return;
  throw new BregmaError('conflict', 'Another process is testing this prediction on the same evidence just now.', {
    next: 'find_records shows its verdict.',
    fields: { refusal: 'spent' },
  });
}

/**
 * Goes on with a level that was spent before, on more rows: nothing is spent. Throws as `refusePutBack` and `witnessedLook`, before
 * anything of these rows is known.
 */
export async function goOnWith<Spend extends { id: string }>(
  spend: Spend,
  experiment: string,
  { ledger, bregma }: Workspace,
): Promise<Spend> {
  refusePutBack(ledger, bregma);
  await witnessedLook({ test: spend.id, experiment }, ledger);
  return spend;
}
