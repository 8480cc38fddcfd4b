import type { BenefitReport, Scatter, TwinReport } from './report-data.ts';

/** The two colours of the rival twins; distinct in light and dark and to colour-blind eyes, and never the only mark. */
const twinColours = ['var(--first)', 'var(--second)'];
const twinSymbols = ['circle', 'triangle'] as const;

type PlotModule = typeof import('@observablehq/plot');

/** Draws the report's figures as SVG text, without a browser. */
export async function makeFigures() {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const draw = (options: Parameters<PlotModule['plot']>[0]) =>
    // SAFETY: linkedom's document has what Plot uses of one; its types are its own.
    Plot.plot({ ...options, document: document as never }).outerHTML;
  return {
    validity: (twins: TwinReport[]) => validity(Plot, draw, twins),
    scatter: (data: Scatter, twins: TwinReport[]) => scatter(Plot, draw, data, twins),
    evidence: (benefit: BenefitReport) => evidence(Plot, draw, benefit),
  };
}

type Draw = (options: Parameters<PlotModule['plot']>[0]) => string;

/** Validity of every neuron under each twin, sorted by the noise ceiling, with the ceiling as a line. */
function validity(Plot: PlotModule, draw: Draw, twins: TwinReport[]): string {
  const order = [...twins[0].units].sort((a, b) => (b.ceiling ?? 0) - (a.ceiling ?? 0)).map(({ name }) => name);
  const rank = new Map(order.map((name, i) => [name, i + 1]));
  const points = twins.flatMap(({ label, units }) =>
    units
      .filter(({ pearson }) => pearson !== null)
      .map(({ name, pearson }) => ({ label, rank: rank.get(name), pearson })),
  );
  const ceiling = twins[0].units
    .filter((unit) => unit.ceiling !== null)
    .map((unit) => ({ rank: rank.get(unit.name), ceiling: unit.ceiling }));
  return draw({
    width: 760,
    height: 340,
    marginLeft: 50,
    ariaLabel: 'Pearson correlation of prediction and response for every neuron, per twin, with the noise ceiling',
    x: { label: 'neuron, sorted by noise ceiling →' },
    y: { label: '↑ Pearson r on images the twin never saw', grid: true },
    color: { domain: twins.map(({ label }) => label), range: twinColours },
    symbol: { domain: twins.map(({ label }) => label), range: [...twinSymbols], legend: false },
    marks: [
      Plot.ruleY([0]),
      Plot.lineY(
        ceiling.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)),
        { x: 'rank', y: 'ceiling', stroke: 'var(--quiet)', strokeDasharray: '4 3', curve: 'step' },
      ),
      Plot.dot(points, { x: 'rank', y: 'pearson', stroke: 'label', symbol: 'label', r: 4, strokeWidth: 1.6 }),
    ],
  });
}

/** Prediction against measured response of one neuron, one panel a twin. */
function scatter(Plot: PlotModule, draw: Draw, { unit, points }: Scatter, twins: TwinReport[]): string {
  return draw({
    width: 760,
    height: 320,
    marginLeft: 50,
    ariaLabel: `Predicted against measured response of ${unit}, per twin`,
    x: { label: 'predicted response (spikes / 100 ms) →', nice: true },
    y: { label: '↑ measured, mean over repeats (spikes / 100 ms)', grid: true, nice: true },
    fx: { label: null, domain: twins.map(({ label }) => label) },
    color: { domain: twins.map(({ label }) => label), range: twinColours },
    symbol: { domain: twins.map(({ label }) => label), range: [...twinSymbols] },
    marks: [
      Plot.dot(points, {
        fx: 'twin',
        x: 'predicted',
        y: 'measured',
        stroke: 'twin',
        symbol: 'twin',
        r: 2.6,
        strokeOpacity: 0.7,
      }),
      Plot.linearRegressionY(points, { fx: 'twin', x: 'predicted', y: 'measured', stroke: 'currentColor', ci: 0 }),
    ],
  });
}

/** Evidence against the number of single trials: the discriminating order, and random orders with their middle 80 %. */
function evidence(Plot: PlotModule, draw: Draw, { curve, threshold }: BenefitReport): string {
  const top = 5;
  const shown = curve.filter(({ random, low }, i) => i === 0 || Math.min(random, low) <= top);
  const cap = (value: number) => Math.min(value, top);
  const crossing = (key: 'designed' | 'random') =>
    shown.find((point) => point[key] >= top * 0.8) ?? shown[shown.length - 1];
  return draw({
    width: 760,
    height: 340,
    marginLeft: 55,
    marginRight: 110,
    ariaLabel: 'Evidence against number of single trials, for the discriminating order and for random orders',
    x: { label: 'single trials →', type: 'log' },
    y: { label: '↑ evidence for the better twin, log₁₀ e-value (median neuron)', grid: true, domain: [-0.5, top] },
    marks: [
      Plot.ruleY([0]),
      Plot.ruleY([Math.log10(threshold)], { strokeDasharray: '4 3', stroke: 'var(--quiet)' }),
      Plot.areaY(shown, {
        x: 'trial',
        y1: ({ low }) => cap(low),
        y2: ({ high }) => cap(high),
        fill: 'var(--second)',
        fillOpacity: 0.2,
      }),
      Plot.lineY(shown, {
        x: 'trial',
        y: ({ random }) => cap(random),
        stroke: 'var(--second)',
        strokeDasharray: '6 3',
        strokeWidth: 2,
      }),
      Plot.lineY(shown, { x: 'trial', y: ({ designed }) => cap(designed), stroke: 'var(--first)', strokeWidth: 2.5 }),
      Plot.text([crossing('designed')], {
        x: 'trial',
        y: ({ designed }) => cap(designed),
        text: () => 'discriminating order',
        dx: -10,
        textAnchor: 'end',
        fill: 'var(--first)',
        fontSize: 12,
      }),
      Plot.text([crossing('random')], {
        x: 'trial',
        y: ({ random }) => cap(random),
        text: () => 'random order',
        dx: 10,
        dy: 14,
        textAnchor: 'start',
        fill: 'var(--second)',
        fontSize: 12,
      }),
      Plot.text([shown[0]], {
        x: 'trial',
        y: () => Math.log10(threshold),
        text: () => `decided: e-value ${threshold}`,
        dy: -8,
        dx: 4,
        textAnchor: 'start',
        fill: 'currentColor',
      }),
    ],
  });
}
