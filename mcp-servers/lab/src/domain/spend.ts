import type { TestSpend } from '@bregma/core/contracts/hypothesis';
import { type BudgetChoice, nextLevel } from '@bregma/core/hypothesis/budget';
import { refusePutBack } from '@bregma/core/ledger/put-back';
import { showHead, type TestAsked, witnessedLevel } from '@bregma/core/witness/asking';
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
