/** Arrays from which on they travel in one buffer: VS Code counts the buffers of a message in one byte and loses the others. */
const mostBuffers = 200;
/** Every element type of a typed array starts at a multiple of it. */
const alignment = 8;

/** A model whose byte arrays lie in one buffer, when it has many of them; else the model itself. Nothing else is copied deeply. */
export function inOneBuffer(model: unknown): unknown {
  const arrays = new Set<Uint8Array>();
  collect(model, arrays);
  if (arrays.size <= mostBuffers) return model;
  const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  const total = [...arrays].reduce((sum, { byteLength }) => sum + aligned(byteLength), 0);
  const buffer = new ArrayBuffer(total);
  const moved = new Map<Uint8Array, Uint8Array>();
  let at = 0;
  for (const array of arrays) {
    const copy = new Uint8Array(buffer, at, array.byteLength);
    copy.set(array);
    moved.set(array, copy);
    at += aligned(array.byteLength);
  }
  return replaced(model, moved);
}

function collect(value: unknown, into: Set<Uint8Array>): void {
  if (value instanceof Uint8Array) into.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) collect(member, into);
}

function replaced(value: unknown, moved: Map<Uint8Array, Uint8Array>): unknown {
  if (value instanceof Uint8Array) return moved.get(value);
  if (Array.isArray(value)) return value.map((member) => replaced(member, moved));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, moved)]));
}
