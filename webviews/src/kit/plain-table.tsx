import { plain } from '@bregma/core/contracts/plain-text';
import { shown } from '@bregma/core/numbers';
import type { PlainTable } from './format.ts';

/** Rows that are put into the page; the rest is in the copy as CSV. */
const most = 300;

/** The numbers behind a picture as an ordinary table. */
export const Numbers = ({ columns, rows, title }: PlainTable & { title: string }) => (
  <div class="plain-table" tabIndex={0} role="region" aria-label={`Numbers of ${plain(title, 100)}`}>
    <table>
      <thead>
        <tr>
          {columns.map((name) => (
            <th scope="col">{plain(name, 100)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, most).map((row) => (
          <tr>{row.map(cell)}</tr>
        ))}
      </tbody>
    </table>
    {rows.length === 0 && <p>There are no rows.</p>}
    {rows.length > most && (
      <p>
        The first {most} of {shown(rows.length)} rows; CSV copies them all.
      </p>
    )}
  </div>
);

function cell(value: string | number | null) {
  if (typeof value === 'string') return <td>{plain(value, 200)}</td>;
  const missing = value === null || Number.isNaN(value);
  return <td class={missing ? 'number missing' : 'number'}>{shown(value, 4)}</td>;
}
