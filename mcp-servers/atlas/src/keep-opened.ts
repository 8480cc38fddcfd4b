/**
 * Keeps what is slow to open for the next call: `most` of them, the oldest is forgotten first. What failed to open is tried anew.
 */
export function keepOpened<Opened>(most: number): (key: string, open: () => Promise<Opened>) => Promise<Opened> {
  const opened = new Map<string, Promise<Opened>>();
  return (key, open) => {
    const known = opened.get(key);
    if (known) return known;
    const found = open();
    found.catch(() => opened.delete(key));
    opened.set(key, found);
    if (opened.size > most) opened.delete(opened.keys().next().value ?? '');
    return found;
  };
}
