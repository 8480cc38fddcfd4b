/** So deep lists and objects are read, at most. What recurses over more can end the process: the stack of an engine has no exact end. */
export const mostNested = 100;

/** Whether lists and objects lie in one another more than `most` deep, or a value lies in itself. */
export function isNestedBeyond(value: unknown, most = mostNested): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((member) => isNestedBeyond(member, most - 1));
}

/** A value without what lies more than `most` deep in it: a word stands in its place. */
export function cutBelow(value: unknown, most = mostNested): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (most === 0) return '… nested deeper than is kept';
  if (Array.isArray(value)) return value.map((item) => cutBelow(item, most - 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cutBelow(member, most - 1)]));
}
