import type { RecordKind } from '@bregma/core/contracts/answer';
import { describe, expect, test } from 'vitest';
import type { StoreClient } from '../../../../extension/src/store/client.ts';
import { ShownStore } from '../../../../extension/src/store/shown-store.ts';

/** A store of which only its growing is looked at; a stand-in for the thread that reads one. */
function standIn(folder: string, seq: number) {
  const listeners = new Set<(seq: number) => void>();
  const store = {
    folder,
    seq: () => seq,
    trouble: () => undefined,
    onGrown: (tell: (seq: number) => void, _kinds?: readonly RecordKind[]) => {
      listeners.add(tell);
      return { dispose: () => listeners.delete(tell) };
    },
    // SAFETY: ShownStore hands these on and looks into none.
  } as unknown as StoreClient;
  return { store, grow: () => listeners.forEach((tell) => void tell(++seq)), listeners };
}

describe('the store that is shown', () => {
  test('tells its listeners when another one is shown, and then of that one alone', () => {
    const [first, second] = [standIn('first', 3), standIn('second', 3)];
    const shown = new ShownStore(first.store);
    const told: string[] = [];
    shown.onGrown((seq) => told.push(`${shown.folder} ${seq}`));
    first.grow();
    shown.show(second.store);
    first.grow();
    second.grow();
    expect(told).toEqual(['first 4', 'second 3', 'second 4']);
    expect(first.listeners.size).toBe(0);
  });

  test('says nothing when the same is shown again, and lets go of who listens no more', () => {
    const { store, listeners } = standIn('first', 1);
    const shown = new ShownStore(store);
    const told: number[] = [];
    const held = shown.onGrown((seq) => told.push(seq));
    shown.show(store);
    held.dispose();
    expect([told, listeners.size]).toEqual([[], 0]);
    shown.onGrown((seq) => told.push(seq));
    shown.dispose();
    expect(listeners.size).toBe(0);
  });
});
