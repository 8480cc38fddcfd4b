import type { DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import { grouped } from '@bregma/core/numbers';

/** One picture that can be made of a data set. */
export interface Offer {
  /** `matrix`, `table neurons`, `points neurons x y`…: what `atlasModel` is asked for. */
  what: string;
  /** A view: the name of its folder in `webviews/src/`. */
  view: string;
  label: string;
  detail: string;
}

/** Rows of edges that are read here; a larger connectome is shown by cell type, summed by the atlas server. */
const mostEdges = 3_000_000;

/** The pictures that can be made of a release, the most telling first. */
export function offersOf(release: DatasetRelease): Offer[] {
  return [...ofShape(release), ...release.tables.flatMap(pointOffers), ...release.tables.map(tableOffer)];
}

function ofShape({ shape, tables, arrays }: DatasetRelease): Offer[] {
  const rows = (name: string) => tables.find((table) => table.name === name)?.rows;
  const array = (name: string) => arrays.find((candidate) => candidate.name === name);
  if (shape === 'connectome') {
    const edges = rows('edges');
    if (edges === undefined || rows('neurons') === undefined) return [];
    const detail = `${grouped(rows('neurons') ?? 0)} neurons, ${grouped(edges)} connections`;
    return edges > mostEdges
      ? [
          {
            what: 'type-matrix',
            view: 'matrix',
            label: 'Connection matrix by cell type',
            detail: `${detail}, summed by the atlas server`,
          },
        ]
      : [{ what: 'matrix', view: 'matrix', label: 'Connection matrix', detail }];
  }
  if (shape === 'volume' && array('annotation'))
    return [
      {
        what: 'volume',
        view: 'volume',
        label: 'Slices with region names',
        detail: `${array('annotation')!.shape.join(' × ')} voxels`,
      },
    ];
  if (shape === 'stimulus-response') {
    return [
      ...(array('responses')
        ? [
            {
              what: 'responses',
              view: 'matrix',
              label: 'Responses to every stimulus',
              detail: `${array('responses')!.shape.join(' × ')}, ${array('responses')!.axes.join(' × ')}`,
            },
          ]
        : []),
      ...(array('stimuli')
        ? [
            {
              what: 'stimuli',
              view: 'image',
              label: 'Stimuli',
              detail: `${grouped(array('stimuli')!.shape[0])} images`,
            },
          ]
        : []),
    ];
  }
  if (shape === 'causal-responses' && array('responses'))
    return [
      {
        what: 'causal',
        view: 'matrix',
        label: 'Responses to stimulating each neuron',
        detail: `${array('responses')!.shape.join(' × ')} pairs`,
      },
    ];
  return [];
}

const tableOffer = ({ name, rows, columns }: Table): Offer => ({
  what: `table ${name}`,
  view: 'table',
  label: `Table ${name}`,
  detail: `${grouped(rows)} rows, ${columns.length} columns`,
});

/** Pairs of numbers that are places in a plane, by their names: x and y, soma_x and soma_y, umap1 and umap2. */
function pointOffers({ name, rows, columns }: Table): Offer[] {
  const numeric = new Set(
    columns
      .filter(({ type }) => /^(DOUBLE|FLOAT|REAL|DECIMAL|U?(BIG|SMALL|TINY)?INT|U?INTEGER)/i.test(type))
      .map((column) => column.name),
  );
  return [...numeric].flatMap((x) => {
    const y = x.replace(/x$/, 'y').replace(/X$/, 'Y').replace(/1$/, '2');
    if (y === x || !numeric.has(y)) return [];
    return [
      {
        what: `points ${name} ${x} ${y}`,
        view: 'points',
        label: `${name} by ${x} and ${y}`,
        detail: `${grouped(rows)} points`,
      },
    ];
  });
}
