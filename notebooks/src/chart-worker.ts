// The process that draws Vega-Lite charts. A specification is text that anybody wrote: it runs here, where it can be stopped and may
// end by itself, without a compiler of expressions, without a network, and with nothing to load from.
import { closeNetwork } from '@bregma/readers/offline';
import { watchItself } from '@bregma/readers/watch-itself';
import type { ChartModel } from '@bregma/webviews/chart/model';
import { parse, type Spec, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { ChartDrawn, ChartRequest, ChartTask } from './chart.ts';

closeNetwork();

type VegaRequest = Exclude<ChartRequest, { plot: unknown }>;

const refuse = (uri: string) =>
  Promise.reject(new Error(`A chart reads earlier results alone, and not '${String(uri).slice(0, 100)}'.`));
// Links and pictures are drawn, and lead nowhere.
const nowhere = () => Promise.resolve({ href: '' });
const loader = { load: refuse, sanitize: nowhere, http: refuse, file: refuse, options: {} };

const ink = {
  light: { text: '#1f1f1f', line: '#8a8a8a', grid: '#e4e4e4' },
  dark: { text: '#d4d4d4', line: '#8a8a8a', grid: '#3c3c3c' },
};

function config(theme: keyof typeof ink) {
  const { text, line, grid } = ink[theme];
  return {
    background: 'transparent',
    font: 'system-ui, sans-serif',
    view: { stroke: line },
    axis: { labelColor: text, titleColor: text, domainColor: line, tickColor: line, gridColor: grid },
    legend: { labelColor: text, titleColor: text },
    header: { labelColor: text, titleColor: text },
    title: { color: text, subtitleColor: text },
    text: { color: text },
    rule: { color: line },
    mark: { color: theme === 'light' ? '#1b5aa6' : '#6cb2f5' },
  };
}

/** A chart of the grammar of plot cells, which says itself what it leaves out; the page around it says its title and what it rests on. */
async function plotted(model: ChartModel): Promise<ChartDrawn> {
  const [{ drawChart }, { describeChart }] = await Promise.all([
    import('@bregma/figures/draw-chart'),
    import('@bregma/figures/describe-chart'),
  ]);
  const words = describeChart(model);
  const inTheme = (theme: 'light' | 'dark') => drawChart(model, words, { theme, captioned: false }).svg;
  return { light: inTheme('light'), dark: inTheme('dark'), warnings: [], words };
}

async function drawn({ spec, data }: VegaRequest): Promise<ChartDrawn> {
  const warnings: string[] = [];
  const boxes = JSON.stringify(spec).includes('"boxplot"');
  const keep = (...said: unknown[]) => {
    const warning = said.join(' ');
    // A box plot has a layer for outliers; that there are none is nothing to tell of.
    if (!boxes || !warning.startsWith('Infinite extent')) warnings.push(warning);
    return logger;
  };
  const logger: Record<string, (...said: unknown[]) => unknown> = {
    level: () => logger,
    error: keep,
    warn: keep,
    info: () => logger,
    debug: () => logger,
  };
  const svg = async (theme: keyof typeof ink) => {
    // SAFETY: Vega-Lite checks the form itself and throws.
    const whole = { ...spec, datasets: { ...data } } as unknown as TopLevelSpec;
    // SAFETY: a configuration is data that Vega-Lite checks; of the logger it calls the levels alone.
    const { spec: vega } = compile(whole, { config: config(theme) as never, logger: logger as never });
    // SAFETY: what Vega-Lite compiles to is a specification of Vega, whose types are of another release of it.
    const view = new View(parse(vega as Spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      // SAFETY: a View calls of both only what they have: load and sanitize here, the levels of a logger there.
      loader: loader as never,
      // SAFETY: as said of the loader.
      logger: logger as never,
      renderer: 'none',
    });
    const text = await view.toSVG();
    view.finalize();
    return text;
  };
  return { light: await svg('light'), dark: await svg('dark'), warnings: [...new Set(warnings)].slice(0, 5) };
}

const watch = watchItself({ processors: true });

process.once('message', async ({ request, limits }: ChartTask) => {
  watch.limit(limits);
  try {
    process.send?.(await ('plot' in request ? plotted(request.plot) : drawn(request)));
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : String(error) });
  }
});

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
