import type { Caption } from './caption.ts';

/** What a chat host gives to a view: the answer of a tool, and what was asked. */
export interface ToolCall {
  tool: string;
  arguments: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the view's own parser checks what is made of it
  answer: Record<string, any>;
  /** Reads a resource of the server, e.g. `bregma://object/SHA256`, as JSON. */
  read(uri: string): Promise<unknown>;
  /** Reads a resource of the server as bytes. Throws what the server says, as when it is too large. */
  bytes(uri: string): Promise<Uint8Array>;
}

/** Makes the model of a view from an answer. undefined: this answer has nothing that the view draws. */
export type Adapter = (call: ToolCall) => Promise<unknown> | unknown;

/** What stands under every picture, as the answer has it. */
export function captionOf({ answer }: ToolCall, title: string): Caption {
  const { kind, n, uncertainty, completeness, release, licence, cite, activity } = answer;
  const note = answer.cut ? 'Cut to fit the answer; the whole answer is kept as an object.' : undefined;
  return { title, kind, n, uncertainty, completeness, release, licence, cite, activity, note };
}
