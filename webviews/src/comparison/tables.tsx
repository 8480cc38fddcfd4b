import { plain } from '@bregma/core/contracts/plain-text';
import { plainly } from '../kit/format.ts';
import { KindMarkOf } from '../kit/kind.tsx';
import { IdLink, type Open, Scrolled } from '../kit/links.tsx';
import type { ComparisonModel } from './model.ts';

/** What stands on each side. */
export const Sides = ({ before, after, open }: Pick<ComparisonModel, 'before' | 'after'> & { open: Open }) => (
  <Scrolled label="The two activities">
    <table class="sides">
      <Head names={['', 'tool', 'activity', 'kind', 'n', 'code', 'at']} />
      <tbody>
        <Side name="before" side={before} open={open} />
        <Side name="after" side={after} open={open} />
      </tbody>
    </table>
  </Scrolled>
);

const Side = ({ name, side, open }: { name: string; side: ComparisonModel['before']; open: Open }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{plain(side.tool, 80)}</td>
    <td>
      <IdLink id={side.id} open={open} />
    </td>
    <td>{side.valueKind ? <KindMarkOf kind={side.valueKind} /> : 'not given'}</td>
    <td>{side.n ? `${side.n.count} ${plain(side.n.of, 80)}` : 'not given'}</td>
    <td>{plain(side.code, 60)}</td>
    <td>{plain(side.at, 40).replace(/^(\S+)T(\d\d:\d\d:\d\d)\.\d+Z$/, '$1 $2 UTC')}</td>
  </tr>
);

interface Differences {
  title: string;
  rows: ComparisonModel['asked'];
  /** Said where nothing differs. */
  none: string;
  note?: string | false;
}

/** Where two things differ; numbers with their difference. */
export const DifferenceTable = ({ title, rows, none, note }: Differences) => (
  <section>
    <h2>{title}</h2>
    {rows.length === 0 ? (
      <p class="dim">{none}</p>
    ) : (
      <Scrolled label={`Differences: ${title}`}>
        <table>
          <Head names={['where', 'before', 'after', 'difference']} />
          <tbody>
            {rows.map(({ path, before, after, delta }) => (
              <tr key={path}>
                <th scope="row">{plain(path || 'all of it', 300)}</th>
                <Cell value={before} other={after} />
                <Cell value={after} other={before} />
                <td class="number">{delta !== undefined && `${delta > 0 ? '+' : ''}${plainly(delta, 6)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    )}
    {note && <p class="dim">{note}</p>}
  </section>
);

/** The objects of two calls, side by side. */
export function OutputTable({ outputs, open }: Pick<ComparisonModel, 'outputs'> & { open: Open }) {
  if (outputs.length === 0) return null;
  const link = (id: string | null) => (id === null ? 'none' : <IdLink id={id} open={open} />);
  return (
    <section>
      <h2>Objects</h2>
      <Scrolled label="Objects">
        <table>
          <Head names={['output', 'before', 'after', 'bytes']} />
          <tbody>
            {outputs.map(({ before, after, equal, note }, i) => (
              <tr>
                <th scope="row">{i}</th>
                <td>{link(before)}</td>
                <td>{link(after)}</td>
                <td class={equal ? '' : 'error'}>
                  {equal ? '✓' : '✗'} {plain(note, 200)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

const Head = ({ names }: { names: string[] }) => (
  <thead>
    <tr>
      {names.map((name) =>
        name ? (
          <th scope="col" class={name === 'difference' ? 'number' : undefined}>
            {name}
          </th>
        ) : (
          <td />
        ),
      )}
    </tr>
  </thead>
);

/** Significant digits of two numbers, when they differ in them. */
const digits = 6;

/** One of two values: a number with as many digits as tell it from the other, and all of them where one points. */
function Cell({ value, other }: { value: unknown; other: unknown }) {
  const whole = said(value);
  const text = short(value) === short(other) ? whole : short(value);
  return <td title={text === whole ? undefined : whole}>{text}</td>;
}

const short = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? plainly(value, digits) : said(value);

/** A value in a cell: `undefined` is "not there", numbers with all digits. */
function said(value: unknown): string {
  if (value === undefined) return 'not there';
  return plain(typeof value === 'string' ? value : JSON.stringify(value), 600);
}
