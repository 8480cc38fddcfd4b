import type { TwinCard } from '../contracts/twin.ts';

interface TwinName {
  /** What tells it from the other twins of the same title; undefined when the title alone does. */
  differs?: string;
  /** Title, with what differs before it: `pooling grid: Gabor-energy pyramid, ridge readout`. */
  name: string;
}

/** Settings that are named at most: more are told by the card. */
const mostSettings = 3;

/** A name for each twin by which a person can tell it from the others. Rivals of one kind share a title. */
export function twinNames(twins: TwinCard[]): Map<string, TwinName> {
  const titles = [...new Set(twins.map(({ title }) => title))];
  return new Map(
    titles.flatMap((title) => {
      const group = twins.filter((twin) => twin.title === title);
      const varying = [...new Set(group.flatMap((twin) => Object.keys(settingsOf(twin))))].filter(
        (key) => new Set(group.map((twin) => JSON.stringify(settingsOf(twin)[key]))).size > 1,
      );
      return group.map((twin): [string, TwinName] => {
        if (group.length === 1) return [twin.id, { name: title }];
        const settings = settingsOf(twin);
        const said = varying.slice(0, mostSettings).map((key) => `${words(key)} ${saidOf(settings[key])}`);
        const differs = said.join(', ') || twin.id.slice(0, 'twin-'.length + 6);
        return [twin.id, { differs, name: `${differs}: ${title}` }];
      });
    }),
  );
}

const settingsOf = ({ options, data, fittedOn, seed }: TwinCard): Record<string, unknown> => ({
  ...options,
  data,
  'fitted on': fittedOn.part === 'all' ? 'all' : `${fittedOn.n} ${fittedOn.of}`,
  seed,
});

/** `medianLambda` → `median lambda` */
const words = (key: string) => key.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

function saidOf(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
