// The process in which a person's network is run many times, as where images are made by its gradient. It has no files and no network.
import { BregmaError, saidBy } from '@bregma/core/errors';
import type { SessionReply, SessionTask } from './network-session.ts';
import { closeNetwork } from './offline.ts';
import { type Network, openNetwork, shapesOf } from './onnx-engine.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { watchItself } from './watch-itself.ts';

closeNetwork();
const watch = watchItself();
let opened: Network | undefined;

async function perform(task: SessionTask): Promise<SessionReply> {
  watch.limit(task.limits, '');
  const reply = await answerTo(task);
  await watch.within();
  // Between two tasks no time passes.
  watch.limit();
  return reply;
}

async function answerTo(task: SessionTask): Promise<SessionReply> {
  if ('open' in task) {
    await refuseForeign(task.open);
    opened = await openNetwork(task.open);
    return { opened: true };
  }
  if (!opened) throw new BregmaError('failed', 'No network was opened.');
  const values = await opened.run(task.run).catch((error: unknown) => {
    throw new BregmaError('bad-input', `The network does not run: ${saidBy(error).message.split('\n')[0]}.`);
  });
  return task.shapesOnly ? { shapes: [...shapesOf(values)] } : { values };
}

process.on('message', (task: SessionTask) => {
  const say = (reply: SessionReply) => process.send?.(reply);
  perform(task).then(say, (error: unknown) => {
    const { code, message, next } = error instanceof BregmaError ? error : { code: 'failed', ...saidBy(error) };
    say({ failed: { code, message, next } });
  });
});
