/** Most characters of JSON that an answer may have: about 7,000 tokens. */
export const answerLimit = 28_000;

/**
 * Shortens the longest arrays and strings of a value until its JSON fits `limit` characters. Returns the value itself when
 * it fits. cut: path → how many items (or characters) there were.
 */
export function capSize<Value>(value: Value, limit = answerLimit): { value: Value; cut: Record<string, number> } {
  const size = JSON.stringify(value)?.length ?? 0;
  if (size <= limit) return { value, cut: {} };
  for (let keep = 512; keep >= 1; keep >>= 1) {
    const cut: Record<string, number> = {};
    const shorter = shorten(value, keep, '', cut);
    // SAFETY: texts and lists get shorter, every member keeps its name and what it is; this is the form that answers promise.
    if (JSON.stringify(shorter).length <= limit) return { value: shorter as Value, cut };
  }
  // SAFETY: no Value, but spread into an answer it adds nothing, and `cut` says by the empty path that all was left out.
  return { value: null as Value, cut: { '': size } };
}

function shorten(value: unknown, keep: number, path: string, cut: Record<string, number>): unknown {
  if (typeof value === 'string') {
    const most = keep * 40;
    if (value.length <= most) return value;
    cut[path] = value.length;
    return `${value.slice(0, most)}…`;
  }
  if (Array.isArray(value)) {
    if (value.length > keep) cut[path] = value.length;
    return value.slice(0, keep).map((item) => shorten(item, keep, `${path}[]`, cut));
  }
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, shorten(member, keep, path ? `${path}.${key}` : key, cut)]),
    );
  }
  return value;
}
