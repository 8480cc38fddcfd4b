// What a run comes to, in lines of text.
import path from 'node:path';

/**
 * One mutant that was tried. invalid: what was built from it was no program; open: it passes the suites that import it, and the time
 * was up before the others: nothing is known of it, so that the share of a run that was cut short is of those that are easy to kill.
 */
export interface Tried {
  file: string;
  name: string;
  digest: string;
  what: string;
  line: number;
  state: 'killed' | 'survived' | 'equivalent' | 'invalid' | 'open';
  /** The suite that noticed it. */
  by?: string;
}

/** Per folder that was named: tried, killed, survived, equivalent, and the share of those that change something that was killed; then each survivor. */
export function table(tried: Tried[], folders: readonly string[]): string {
  const rows = [
    ...folders.map((folder) =>
      row(
        folder,
        tried.filter(({ file }) => !path.relative(folder, file).startsWith('..')),
      ),
    ),
    row('all', tried),
  ];
  const survivors = tried
    .filter(({ state }) => state === 'survived')
    .map(({ name, line, by }) => `  line ${line}: ${name}${by ? ` (${by})` : ''}`);
  return [
    '| folder | tried | killed | survived | equivalent | open | killed of those that change something |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    ...(survivors.length > 0 ? ['', `Survived (${survivors.length}):`, ...survivors] : []),
  ].join('\n');
}

function row(name: string, tried: Tried[]): string {
  const count = (state: Tried['state']) => tried.filter((one) => one.state === state).length;
  const [killed, survived, equivalent] = [count('killed'), count('survived'), count('equivalent')];
  const share = killed + survived > 0 ? `${Math.round((100 * killed) / (killed + survived))} %` : '–';
  const open = count('open');
  const all = killed + survived + equivalent + open;
  return `| ${name} | ${all} | ${killed} | ${survived} | ${equivalent} | ${open} | ${share} |`;
}
