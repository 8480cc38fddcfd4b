import { EventEmitter } from 'node:events';
import { exchange, within } from '@bregma/core/within';
import { expect, test } from 'vitest';

const never = new Promise<number>(() => {});

test('work that cannot be stopped is left alone when its call is cancelled, or was before', async () => {
  const controller = new AbortController();
  const waiting = within(never, { signal: controller.signal, cancelled: 'The chart was cancelled.' });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled', message: 'The chart was cancelled.' });
  await expect(within(Promise.resolve(1), { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
});

test('work that ends gives its result or its error; work that does not is late', async () => {
  const { signal } = new AbortController();
  const late = () => new Error('late');
  expect(await within(Promise.resolve(7), { signal, ms: 1e6, late })).toBe(7);
  await expect(within(Promise.reject(new Error('broken')), { signal })).rejects.toThrow('broken');
  await expect(within(never, { ms: 1, late })).rejects.toThrow('late');
});

/** A program that says these things, one after the other, when it is asked; its end is an array. */
function program(...says: (object | number | Error)[]) {
  const peer = new EventEmitter().on('error', () => {}); // as every process that we start
  const post = () => {
    for (const said of says)
      setImmediate(() => {
        if (typeof said === 'number') peer.emit('exit', said, null);
        else peer.emit(said instanceof Error ? 'error' : 'message', said);
      });
  };
  const ask = (more: { cancelled?: AbortSignal } = {}) =>
    exchange<string>(peer, {
      post,
      answerIn(message: { answer?: string; wrong?: string }) {
        if (message.wrong) throw new Error(message.wrong);
        return message.answer;
      },
      died: (how) => new Error(`died: ${how instanceof Error ? how.message : how}`),
      signal: more.cancelled,
    });
  const listeners = () => ['message', 'exit', 'error'].map((name) => peer.listenerCount(name));
  return { ask, listeners };
}

test('the answer to a question is the first message that is one, and nothing is listened to afterwards', async () => {
  const { ask, listeners } = program({ progress: 1 }, { answer: 'yes' }, { answer: 'no' });
  expect(await ask()).toBe('yes');
  expect(listeners()).toEqual([0, 0, 1]);
});

test.each([
  ['says what went wrong', { wrong: 'damaged' }, 'damaged'],
  ['exits', 3, 'died: 3'],
  ['breaks', new Error('no memory'), 'died: no memory'],
])('a program that %s gives no answer', async (_, said, message) => {
  const { ask, listeners } = program(said, { answer: 'too late' });
  await expect(ask()).rejects.toThrow(message);
  expect(listeners()).toEqual([0, 0, 1]);
  await expect(ask({ cancelled: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});
