import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { mergeResults, readResults, writeResults } from '@bregma/core/notebook-results';
import { ownFile, writeWhole } from '@bregma/core/storage';
import { takeResults } from '@bregma/notebooks/results-block';
import type { Command } from '../command.ts';

const pattern = '*.bregma.md merge=bregma';

/** Merges notebooks for Git: what people write line by line, and the results of runs cell by cell. */
export const merge: Command = {
  name: 'merge',
  summary: 'merge notebooks for Git, so that runs make no conflicts',
  help: `Usage: bregma merge --install [--workspace DIR]
       bregma merge BASE MINE THEIRS

--install makes Git merge *.bregma.md by this command in the repository of the workspace: one line in .gitattributes,
which is shared, and one in the repository's own configuration, which each clone needs.
Otherwise Git calls it with three files (%O %A %B) and MINE becomes the merge. Exit code 1 when a person has to decide:
conflicts then stand in the text, between Git's own marks.`,
  options: { install: { type: 'boolean' } },
  async run({ positionals, values, workspace }) {
    if (values.install) return install(workspace);
    const [base, mine, theirs] = positionals;
    if (theirs === undefined)
      throw new BregmaError('bad-input', 'Three files are merged: BASE MINE THEIRS.', {
        next: 'Call bregma merge --install once, and Git gives them.',
      });
    const read = (file: string) => readFileSync(file, 'utf8');
    const { text, conflicts } = mergeTexts(read(base), read(mine), read(theirs));
    writeFileSync(mine, text);
    return conflicts > 0 ? 1 : 0;
  },
};

/** The merge of two notebooks that came from one, and in how many places a person has to decide. */
function mergeTexts(base: string, mine: string, theirs: string): { text: string; conflicts: number } {
  const [was, own, other] = [base, mine, theirs].map(takeResults);
  const [a, b, c] = [was, own, other].map(({ above, below }) => above + below);
  const { text, conflicts } = mergeLines(a, b, c);
  const results = mergeResults(readResults(was.results), readResults(own.results), readResults(other.results));
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const block = writeResults(results, eol);
  const between = block === '' || text === '' || /\n\s*\n$/.test(text) ? '' : text.endsWith('\n') ? eol : eol + eol;
  return { text: text + between + block, conflicts };
}

/** Git's own merge of three texts. */
function mergeLines(base: string, mine: string, theirs: string): { text: string; conflicts: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-merge-'));
  try {
    const files = Object.entries({ mine, base, theirs }).map(([name, text]) => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    });
    const labels = ['mine', 'base', 'theirs'].flatMap((label) => ['-L', label]);
    const { status, stdout, stderr } = spawnSync('git', ['merge-file', '-p', ...labels, ...files], {
      encoding: 'utf8',
    });
    // Up to 127 it counts conflicts; beyond, it has failed.
    if (status === null || status > 127) throw new BregmaError('failed', `git merge-file: ${stderr}`);
    return { text: stdout, conflicts: status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(workspace: string): number {
  const git = (...args: string[]) => execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' }).trim();
  const root = git('rev-parse', '--show-toplevel');
  const attributes = path.join(root, '.gitattributes');
  ownFile(attributes);
  const had = existsSync(attributes) ? readFileSync(attributes, 'utf8') : '';
  if (!had.split(/\r?\n/).includes(pattern))
    writeWhole(attributes, `${had}${had === '' || had.endsWith('\n') ? '' : '\n'}${pattern}\n`);
  git('config', 'merge.bregma.name', 'Bregma notebooks');
  git('config', 'merge.bregma.driver', `${[process.execPath, process.argv[1]].map(quoted).join(' ')} merge %O %A %B`);
  console.log(
    `✓ Git merges *.bregma.md in ${root} by bregma merge. Commit .gitattributes; each clone calls this once.`,
  );
  return 0;
}

/** A word as the shell that Git calls reads it. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
