import type { ParseArgsConfig } from 'node:util';

/** One command of `bregma`. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Usage and what it teaches; printed by `bregma NAME --help`. */
  help: string;
  options?: ParseArgsConfig['options'];
  /** Resolves with the exit code. */
  run(input: CommandInput): Promise<number>;
}

/** What a command is given: the words and options after its name, parsed. */
export interface CommandInput {
  positionals: string[];
  values: Record<string, string | boolean | undefined>;
  /** The user's folder whose `.bregma` holds the records, absolute. */
  workspace: string;
}
