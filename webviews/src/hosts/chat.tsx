import { plain } from '@bregma/core/contracts/plain-text';
import type { FromAnswer } from '../kit/answer.ts';
import { Frame } from '../kit/frame.tsx';
import { bytesOf } from '../kit/numbers.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { ChatProtocol } from './chat-protocol.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a server sends; the view's parser checks what is made of it
type Anything = any;

/** Shows a view in a chat: the model is made from the tool's result, intents go back as messages of the person. */
export function showInChat<Model>(view: View<Model>, from: FromAnswer<Model>): void {
  const main = document.body.appendChild(document.createElement('main'));
  let input: Record<string, unknown> = {};
  let tool = '';
  let state: unknown;
  const chat = new ChatProtocol({
    'ui/notifications/tool-input': (params) => {
      // SAFETY: the protocol says an object: the arguments of the call.
      input = (params.arguments ?? {}) as typeof input;
    },
    'ui/notifications/tool-result': (params) => void show(params),
    'ui/notifications/tool-cancelled': () => say('The call was cancelled.'),
    'ui/notifications/host-context-changed': applyContext,
    'ui/resource-teardown': () => frame.dispose(),
  });
  const host: ViewHost = {
    send: (intent, payload) => void act(chat, intent, payload),
    restore: () => state,
    remember: (next) => {
      state = next;
    },
  };
  const frame = new Frame(view, main, host);

  function say(text: string): void {
    frame.say(<p role="status">{plain(text)}</p>);
  }

  async function show(result: Anything): Promise<void> {
    try {
      const answer = await finished(chat, answerOf(result), say);
      if (answer.error) return say([answer.error.message, answer.error.next].filter(Boolean).join(' '));
      const resource = async (uri: string): Promise<Anything> => {
        const read: Anything = await chat.request('resources/read', { uri });
        return read.contents[0];
      };
      const read = async (uri: string) => JSON.parse((await resource(uri)).text);
      const bytes = async (uri: string) => bytesOf((await resource(uri)).blob);
      const model = await from.draw({ tool, arguments: input, answer, read, bytes });
      if (model !== undefined) return frame.show(model);
      frame.say(<pre tabIndex={0}>{plain(JSON.stringify(answer.value, null, 2), 20_000)}</pre>);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }

  new ResizeObserver(() => {
    const { scrollWidth: width, scrollHeight: height } = document.documentElement;
    chat.notify('ui/notifications/size-changed', { width, height });
  }).observe(main);
  chat.connect(`bregma-${view.name}`).then(applyContext, (error) => say(error.message));

  function applyContext(context: Anything): void {
    tool = context.toolInfo?.tool?.name ?? tool;
    const { style } = document.documentElement;
    if (context.theme) style.colorScheme = context.theme;
    for (const [name, value] of Object.entries(context.styles?.variables ?? {}))
      if (name.startsWith('--') && typeof value === 'string') style.setProperty(name, value);
  }
}

/** The structured answer; hosts that drop it leave the same as text. */
function answerOf({ structuredContent, content }: Anything): Anything {
  if (structuredContent) return structuredContent;
  const text = content?.[0]?.text ?? '';
  try {
    return JSON.parse(text);
  } catch {
    return { error: { message: text || 'The tool gave no answer.' } };
  }
}

/** Waits for a long job that was answered with a run id. */
async function finished(chat: ChatProtocol, answer: Anything, say: (text: string) => void): Promise<Anything> {
  let run = answer.value;
  if (run?.state !== 'running' || !run.run_id) return answer;
  for (;;) {
    say(['Still running…', run.progress?.message].filter(Boolean).join(' '));
    const result = await chat.request('tools/call', { name: 'get_run', arguments: { run_id: run.run_id, wait_s: 5 } });
    const next = answerOf(result);
    if (next.error) return next;
    run = { run_id: run.run_id, ...next.value };
    if (run.state === 'finished') return { ...run.answer, activity: run.activity };
    if (run.state !== 'running') return { error: run.error ?? { message: `The run ended: ${run.state}.` } };
  }
}

const mimeTypes: Record<string, string> = {
  csv: 'text/csv',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** What a person wants, in a chat: copies go to the clipboard, the rest is said to the agent. */
async function act(chat: ChatProtocol, intent: string, payload: Anything): Promise<void> {
  if (intent === 'copy') {
    const mimeType = mimeTypes[String(payload.format)];
    const uri = `file:///${encodeURIComponent(payload.name)}.${payload.format}`;
    const content = payload.format === 'png' ? { blob: payload.data } : { text: payload.data };
    const file = { type: 'resource', resource: { uri, mimeType, ...content } };
    await navigator.clipboard
      .writeText(payload.data)
      .catch(() => chat.request('ui/download-file', { contents: [file] }));
    return;
  }
  const id = payload?.activity ?? payload?.id;
  if (typeof id !== 'string') return;
  const text = `Trace ${id} with trace_claim and say what it rests on.`;
  await chat.request('ui/message', { role: 'user', content: [{ type: 'text', text }] });
}
