import type { Caption } from './caption.ts';

/** The answer of a tool, what was asked, and a way to what the answer names: in a chat over MCP, in a notebook from the store. */
export interface ToolCall {
  tool: string;
  arguments: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the view's own parser checks what is made of it
  answer: Record<string, any>;
  /** Reads a resource of the server, e.g. `bregma://object/SHA256`, as JSON. */
  read(uri: string): Promise<unknown>;
  /** Reads a resource of the server as bytes. Throws what the server says, as when it is too large. */
  bytes(uri: string): Promise<Uint8Array>;
  /** Reads an array that NumPy could read, C order; where there is no room for one (in a chat), nobody does. */
  array?(uri: string): Promise<Float32Array | Float64Array>;
}

/** How answers become the model of one view: in notebooks and in chats alike. */
export interface FromAnswer<Model> {
  /** Tools whose answers notebooks draw so. In a chat a tool names its view itself. */
  tools: string[];
  /** undefined: this answer has nothing that the view draws. Throws what cannot be read. */
  draw(call: ToolCall): Promise<Model | undefined> | Model | undefined;
}

/** An object that an answer names, as a resource; throws when it names none. */
export function objectUri(reference: { object?: unknown } | undefined): string {
  if (typeof reference?.object !== 'string') throw new Error('The answer names no object here.');
  return `bregma://object/${reference.object}`;
}

/** What stands under every picture, as the answer has it. */
export function captionOf({ answer }: ToolCall, title: string): Caption {
  const { kind, n, uncertainty, completeness, release, licence, cite, activity } = answer;
  const note = answer.cut ? 'Cut to fit the answer; the whole answer is kept as an object.' : undefined;
  return { title, kind, n, uncertainty, completeness, release, licence, cite, activity, note };
}
