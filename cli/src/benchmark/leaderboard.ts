import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import { plain } from '@bregma/core/contracts/plain-text';
import type { ScoreReceipt, ScoreStatement } from '@bregma/core/contracts/score';
import { withDecimals } from '@bregma/core/numbers';
import { isScoreOf } from '@bregma/core/scorer/receipts';

/** One row: what a person was told last, with its place. */
export interface Standing {
  /** Scores within one step of the first of a place share it. */
  place: number;
  tied: boolean;
  statement: ScoreStatement;
  /** False: the signature is not of this scorer. */
  signed: boolean;
}

/**
 * The submissions of a benchmark that were told a score of their own, best first; those that were no better than their person's best by a
 * step were told that one, and are counted beside it. key: of the scorer.
 */
export function standings(receipts: readonly ScoreReceipt[], key: string): Standing[] {
  const rows = receipts
    .filter(({ statement }) => statement.improved && statement.score !== null)
    .sort(
      (a, b) => (b.statement.score ?? 0) - (a.statement.score ?? 0) || a.statement.at.localeCompare(b.statement.at),
    );
  let place = 0;
  let first = Number.POSITIVE_INFINITY;
  const placed = rows.map((receipt, i) => {
    const { score, step } = receipt.statement;
    if (first - (score ?? 0) >= step - 1e-9) {
      place = i + 1;
      first = score ?? 0;
    }
    return { place, statement: receipt.statement, signed: isScoreOf(receipt, key) };
  });
  return placed.map((row) => ({ ...row, tied: placed.some((other) => other !== row && other.place === row.place) }));
}

const escaped = (text: string) =>
  plain(text, Number.POSITIVE_INFINITY).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const number = (value: number | null | undefined, digits = 3) =>
  value === null || value === undefined
    ? '<td class="none">not measured</td>'
    : `<td>${withDecimals(value, digits)}</td>`;

function row({ place, tied, statement, signed }: Standing): string {
  const { score, step, ci, open, gap, control, person, at, exposure, preflight, queries, by, submission } = statement;
  // What fits the open part and not the sealed one by more than three steps was fitted to it.
  const overfit = gap !== null && gap > 3 * step;
  return [
    `<tr${overfit ? ' class="overfit"' : ''}><td>${place}${tied ? ' (tie)' : ''}</td>${number(score)}`,
    `<td>${ci ? `${withDecimals(ci.low, 3)} to ${withDecimals(ci.high, 3)}` : ''}</td>${number(open)}`,
    gap === null
      ? number(null)
      : `<td>${gap >= 0 ? '+' : '−'}${withDecimals(Math.abs(gap), 3)}${overfit ? ' fits the open part' : ''}</td>`,
    `${number(control)}<td>${escaped(person)}</td><td>${escaped(at.slice(0, 16).replace('T', ' '))}</td>`,
    `<td>${escaped(exposure)}, ${escaped(preflight.access)}<br><small>${escaped(preflight.why)}</small></td>`,
    `<td>${queries.person.spent} of ${queries.person.of}</td><td><code>${escaped(submission.slice(0, 12))}</code>${by ? ' network' : ''}${signed ? '' : ' <b>not signed by this scorer</b>'}</td></tr>`,
  ].join('');
}

function section(card: BenchmarkCard, receipts: readonly ScoreReceipt[], key: string): string {
  const own = receipts.filter(({ statement }) => statement.benchmark === card.name);
  const rows = standings(own, key);
  const alarms = own.filter(({ statement }) => statement.alarm);
  const { ceiling } = card;
  return [
    `<section><h2>${escaped(card.name)}</h2><p>${escaped(card.task)}</p>`,
    `<p>${escaped(card.metric)}; told in steps of ${card.step} (${escaped(card.mechanism)}); ceiling ${ceiling ? `${withDecimals(ceiling.value, 3)} ± ${withDecimals(ceiling.error, 3)}` : 'not known: no repeats'};`,
    ` more than ${withDecimals(card.cap, 3)} is an alarm. ${card.items.open.length > 0 ? 'Twins are fitted to these very neurons, on the open part.' : 'Nothing measured is open: twins are not fitted to these outcomes.'} Sealed outcomes <code>${escaped(card.sealed)}</code>.</p>`,
    rows.length === 0
      ? '<p>No score was told yet.</p>'
      : `<table><thead><tr><th>Place</th><th>Score</th><th>95 % interval</th><th>Open part</th><th>Open − sealed</th><th>Control</th><th>Who</th><th>When (UTC)</th><th>Exposure</th><th>Askings</th><th>Submission</th></tr></thead><tbody>${rows.map(row).join('')}</tbody></table>`,
    `<p>${own.length} submissions; ${own.length - rows.length - alarms.length} were no better than their person's best by a step.`,
    alarms.length > 0
      ? ` <b>${alarms.length} alarms</b>: ${alarms.map(({ statement }) => escaped(`${statement.person} (${statement.alarm === 'cap' ? 'more than anything can be expected to score' : 'knows outcomes that were never measured'})`)).join(', ')}.`
      : '',
    '</p></section>',
  ].join('');
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d0d0d0;vertical-align:top}
.none{color:#6b6b6b;font-style:italic}.overfit td{background:#fff3e0}code{font-size:.85em;word-break:break-all}
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th,td{border-color:#3a3a3a}.none{color:#9a9a9a}.overfit td{background:#3a2a10}}`;

/** The leaderboard as a page of its own: it runs nothing and loads nothing. */
export function leaderboardPage(
  cards: readonly BenchmarkCard[],
  receipts: readonly ScoreReceipt[],
  key: string,
): string {
  const scorer = receipts[0]?.statement.scorer;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width"><title>Sealed benchmarks</title><style>${style}</style></head>
<body><h1>Sealed benchmarks</h1>
<p>Measured by the scorer ${scorer ? `<code>${escaped(scorer)}</code>` : 'that keeps this log'}, from its own log. Scores within a step of each other are ties. Score and interval are of what one person could be told; the control is the same predictions with their items in another order.</p>
${cards.map((card) => section(card, receipts, key)).join('\n')}
</body></html>
`;
}
