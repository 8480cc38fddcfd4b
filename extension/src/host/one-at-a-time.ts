/** Time between two runs, ms: a ledger that grows all the time is read only so often. */
const restMs = 700;
/** What is slow rests longer: this many times as long as it took. */
const restShare = 4;

/**
 * Runs `work` as it is asked for: at once when it has rested, never twice at a time, and once more when it was asked meanwhile. A
 * writer that never stops costs a fifth of a processor at most. work: false when there was nothing to do, which needs no rest.
 */
export function oneAtATime(work: () => Promise<unknown>): () => void {
  let busy = false;
  let again = false;
  return () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    void (async () => {
      try {
        do {
          again = false;
          const from = performance.now();
          if ((await work()) === false) continue;
          const rest = Math.max(restMs, restShare * (performance.now() - from));
          await new Promise((resolve) => setTimeout(resolve, rest));
        } while (again);
      } finally {
        busy = false;
      }
    })();
  };
}
