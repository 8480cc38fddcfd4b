import * as z from 'zod';
import type { ContainerNode } from '../container/container.ts';

/** One image in several resolutions, the finest first. */
export interface OmeImage {
  name?: string;
  axes: { name: string; unit?: string; isSpace: boolean; growsTo?: string }[];
  /** scale, translation: a number an axis. */
  levels: { path: string; scale: number[]; translation: number[] }[];
}

const Transformation = z.looseObject({
  type: z.string(),
  scale: z.array(z.number()).optional(),
  translation: z.array(z.number()).optional(),
});
const Axis = z.union([
  z.string(),
  z.looseObject({
    name: z.string(),
    type: z.string().nullish(),
    unit: z.string().nullish(),
    orientation: z.looseObject({ value: z.string() }).nullish(),
  }),
]);
const Multiscale = z.looseObject({
  name: z.string().nullish(),
  axes: z.array(Axis).optional(),
  datasets: z
    .array(z.looseObject({ path: z.string(), coordinateTransformations: z.array(Transformation).nullish() }))
    .min(1),
  coordinateTransformations: z.array(Transformation).nullish(),
});
type Multiscale = z.infer<typeof Multiscale>;

/** Before axes were named (0.1, 0.2) they were these. */
const oldAxes = ['t', 'c', 'z', 'y', 'x'];

/** What a group says of itself as an image, or undefined when it is none. Attributes that are objects stand in it as their JSON. */
export function omeImageOf({ attributes }: ContainerNode): OmeImage | undefined {
  const ome = parsed(attributes.ome);
  const listed = ome?.multiscales ?? attributes.multiscales;
  const first = Array.isArray(listed) ? listed[0] : undefined;
  const { data } = Multiscale.safeParse(typeof first === 'string' ? parsed(first) : first);
  if (!data) return undefined;
  const axes = (data.axes ?? oldAxes).map(axisOf);
  const whole = stepsOf(data.coordinateTransformations, axes.length);
  const levels = data.datasets.map(({ path, coordinateTransformations }) => {
    const own = stepsOf(coordinateTransformations, axes.length);
    return {
      path: path.replace(/^\/+|\/+$/g, ''),
      scale: own.scale.map((step, i) => step * whole.scale[i]),
      translation: own.translation.map((at, i) => at * whole.scale[i] + whole.translation[i]),
    };
  });
  return { name: data.name ?? undefined, axes, levels };
}

function axisOf(axis: z.infer<typeof Axis>): OmeImage['axes'][number] {
  if (typeof axis === 'string') return { name: axis, isSpace: /^[xyz]$/.test(axis) };
  const isSpace = axis.type == null ? /^[xyz]$/.test(axis.name) : axis.type === 'space';
  return { name: axis.name, unit: axis.unit ?? undefined, isSpace, growsTo: growsTo(axis.orientation?.value) };
}

/** The end of an anatomical direction as a letter (NGFF, RFC-4): "left-to-right" is R. */
const growsTo = (orientation: string | undefined) =>
  ({ right: 'R', left: 'L', anterior: 'A', posterior: 'P', superior: 'S', inferior: 'I', dorsal: 'S', ventral: 'I' })[
    orientation?.split('-to-')[1] ?? ''
  ];

/** Transformations one after the other: each scale stretches what came before it. */
function stepsOf(list: Multiscale['coordinateTransformations'], axes: number) {
  let scale = new Array<number>(axes).fill(1);
  let translation = new Array<number>(axes).fill(0);
  for (const one of list ?? []) {
    const { scale: by, translation: to } = one;
    if (by) {
      scale = scale.map((step, i) => step * (by[i] ?? 1));
      translation = translation.map((at, i) => at * (by[i] ?? 1));
    }
    if (to) translation = translation.map((at, i) => at + (to[i] ?? 0));
  }
  return { scale, translation };
}

function parsed(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
