/** Figures of a simulation as SVG text: readable in light and dark, with a title and a description for screen readers. */

const width = 760;
const left = 145;
const right = 20;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);
const round = (value: number) => Math.round(value * 100) / 100;
const shortened = (name: string) => (name.length > 18 ? `${name.slice(0, 8)}…${name.slice(-9)}` : name);

function figure(height: number, title: string, description: string, body: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="11">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>svg{color:#1f2328;--driven:#b35900;--other:#0b5cad;--quiet:#8c959f;--shade:#8c959f33}@media (prefers-color-scheme:dark){svg{color:#e6edf3;--driven:#ffa657;--other:#79c0ff;--quiet:#8b949e}}text{fill:currentColor}</style>
${body.join('\n')}
</svg>
`;
}

/** A round step that cuts a range into at most `most` parts. */
function stepOf(range: number, most: number): number {
  const rough = range / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}

function axis(from: number, to: number, y: number, label: string, place: (value: number) => number): string[] {
  const step = stepOf(to - from, 8);
  const ticks: string[] = [];
  for (let k = Math.ceil(from / step); k * step <= to + 1e-9; k++) {
    const value = Number((k * step).toPrecision(12));
    const x = round(place(value));
    ticks.push(
      `<line x1="${x}" x2="${x}" y1="${y}" y2="${y + 4}" stroke="currentColor"/><text x="${x}" y="${y + 16}" text-anchor="middle">${value}</text>`,
    );
  }
  return [
    `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" stroke="currentColor"/>`,
    ...ticks,
    `<text x="${width - right}" y="${y + 32}" text-anchor="end">${escaped(label)}</text>`,
  ];
}

export interface RasterRow {
  name: string;
  driven: boolean;
  /** Spike times, ms. */
  times: number[];
}

export interface Raster {
  title: string;
  durationMs: number;
  rows: RasterRow[];
  /** Neurons that fired and are not shown. */
  hidden: number;
  /** Stretches in which something was done, ms. */
  windows: { name: string; fromMs: number; untilMs: number }[];
}

/** Every spike of one trial as a tick, one neuron a row; driven neurons first, in another colour and marked with ▸. */
export function rasterPlot({ title, durationMs, rows, hidden, windows }: Raster): string {
  const rowHeight = rows.length > 40 ? 10 : 12;
  const top = 34 + 14 * windows.length;
  const bottom = top + rows.length * rowHeight;
  const place = (ms: number) => left + (ms / durationMs) * (width - left - right);
  const shades = windows.flatMap(({ name, fromMs, untilMs }, k) => [
    `<rect x="${round(place(fromMs))}" width="${round(place(untilMs) - place(fromMs))}" y="${26 + 14 * k}" height="3" fill="var(--quiet)"/>`,
    `<text x="${round(place(fromMs)) + 2}" y="${40 + 14 * k - 1}" font-size="10">${escaped(name)}</text>`,
  ]);
  const ticks = rows.map(({ name, driven, times }, i) => {
    const y = top + i * rowHeight;
    const path = times.map((ms) => `M${round(place(ms))} ${y + 1}v${rowHeight - 2}`).join('');
    return `<text x="${left - 8}" y="${y + rowHeight - 2}" text-anchor="end" font-size="${rowHeight - 1}">${driven ? '▸ ' : ''}${escaped(shortened(name))}</text><path d="${path}" stroke="var(${driven ? '--driven' : '--other'})" fill="none"/>`;
  });
  const spikes = rows.reduce((sum, { times }) => sum + times.length, 0);
  const driven = rows.filter((row) => row.driven).length;
  const legend = `▸ driven${hidden > 0 ? `; ${hidden} more neurons fired` : ''}`;
  return figure(
    bottom + 44,
    title,
    `Raster of ${spikes} spikes over ${durationMs} ms: ${driven} driven neurons and the ${rows.length - driven} others that fired most${hidden > 0 ? `; ${hidden} further neurons that fired are not shown` : ''}.`,
    [
      `<text x="${left}" y="16" font-size="13" font-weight="600">${escaped(title)}</text>`,
      ...shades,
      ...ticks,
      ...axis(0, durationMs, bottom + 4, 'time (ms)', place),
      `<text x="8" y="${bottom + 36}">${legend}</text>`,
    ],
  );
}

export interface RateRow {
  name: string;
  mean: number;
  low: number | null;
  high: number | null;
}

/** Rates of the neurons that fired most, with their intervals, as dots on lines. interval: what the whiskers are, in words. */
export function ratePlot({ title, rows, interval }: { title: string; rows: RateRow[]; interval: string }): string {
  const rowHeight = 16;
  const top = 28;
  const bottom = top + Math.max(1, rows.length) * rowHeight;
  const most = Math.max(1, ...rows.map(({ mean, high }) => high ?? mean));
  const place = (hz: number) => left + (hz / most) * (width - left - right);
  const marks = rows.map(({ name, mean, low, high }, i) => {
    const y = top + (i + 0.5) * rowHeight;
    const whisker =
      low === null || high === null
        ? ''
        : `<line x1="${round(place(low))}" x2="${round(place(high))}" y1="${y}" y2="${y}" stroke="var(--other)" stroke-width="2"/>`;
    return `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escaped(shortened(name))}</text><line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" stroke="var(--shade)"/>${whisker}<circle cx="${round(place(mean))}" cy="${y}" r="3.5" fill="var(--other)"/>`;
  });
  const listed = rows.slice(0, 5).map(({ name, mean }) => `${name} ${round(mean)} Hz`);
  return figure(
    bottom + 44,
    title,
    rows.length === 0
      ? 'No neuron fired but the driven ones.'
      : `Rates of ${rows.length} neurons; the highest are ${listed.join(', ')}. ${interval}.`,
    [
      `<text x="${left}" y="16" font-size="13" font-weight="600">${escaped(title)}</text>`,
      ...(rows.length === 0 ? [`<text x="${left}" y="${top + 12}">no neuron fired but the driven ones</text>`] : marks),
      ...axis(0, most, bottom + 4, 'rate (Hz)', place),
      `<text x="8" y="${bottom + 36}">${escaped(interval)}</text>`,
    ],
  );
}
