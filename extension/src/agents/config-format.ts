/** How an agent's client starts one server. */
export interface ServerEntry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** Server name → how it is started. */
export type ServerEntries = Record<string, ServerEntry>;

/** A configuration language, edited as text so that everything else in the file keeps its bytes. */
export interface ConfigFormat {
  /** The entries of this file, by server name. Throws `bad-input`, with the line, when it cannot be read. */
  read(text: string): Record<string, unknown>;
  /** The text with these entries, in the place of entries of the same names. Throws `bad-input` and changes nothing else. */
  add(text: string, entries: ServerEntries): string;
  /** The text without the entries of these names. */
  remove(text: string, names: string[]): string;
}
