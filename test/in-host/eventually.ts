/** Tries until `check` no longer throws, and gives what it returned; after `ms`, throws what it threw last. */
export async function eventually<Value>(check: () => Value | Promise<Value>, ms = 45_000): Promise<Value> {
  for (const end = Date.now() + ms; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
