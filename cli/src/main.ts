#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { plain } from '@bregma/core/contracts/plain-text';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { nodeTooOld } from '@bregma/core/node-version';
import { namedStorage } from '@bregma/core/storage';
import { codeVersion } from '@bregma/core/version';
import type { Command } from './command.ts';
import { commands } from './commands/index.gen.ts';

const everyCommand = {
  workspace: { type: 'string', short: 'w' },
  help: { type: 'boolean', short: 'h' },
} as const;

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Bregma: question → atlas → hypothesis → digital twin → discriminating experiment → verdict, with provenance.',
    '',
    'Usage: bregma COMMAND [--workspace DIR]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Records are kept in DIR/.bregma (default: the current folder, or BREGMA_WORKSPACE).',
    'bregma COMMAND --help explains a command. Begin with: bregma start',
  ].join('\n');
}

/** Text from data never acts on the terminal: what commands print goes through here. Lines that they print over are their own. */
function printPlainly(): void {
  for (const stream of ['log', 'error'] as const) {
    const write = console[stream].bind(console);
    console[stream] = (text: unknown) => write(plain(text, Number.POSITIVE_INFINITY));
  }
}

printPlainly();

async function main(args: string[]): Promise<number> {
  const old = nodeTooOld();
  if (old) throw new BregmaError('failed', old);
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview());
    return 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(codeVersion);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name);
    throw unknownName('command', name, nearest(name, names, 1), 'bregma --help lists the commands.');
  }
  return runCommand(command, rest);
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    const options = { ...command.options, ...everyCommand };
    // SAFETY: no option is declared with `multiple`, so every value is a string or a boolean.
    parsed = parseArgs({ args, options, allowPositionals: true }) as typeof parsed;
  } catch (error) {
    throw new BregmaError('bad-input', error instanceof Error ? error.message : String(error), {
      next: `bregma ${command.name} --help`,
    });
  }
  if (parsed.values.help) {
    console.log(command.help);
    return 0;
  }
  const workspace = path.resolve(String(parsed.values.workspace ?? process.env.BREGMA_WORKSPACE ?? process.cwd()));
  return command.run({ ...parsed, workspace });
}

process.stdout.on('error', () => process.exit(0));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (met) {
  const error = namedStorage(met);
  const next = error instanceof BregmaError && error.next ? `\n${error.next}` : '';
  console.error(`${error instanceof Error ? error.message : error}${next}`);
  process.exitCode = 1;
}
