import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { grouped, measured } from '@bregma/core/numbers';
import type { CardModel } from '@bregma/webviews/card/model';
import type { Validity } from './summaries.ts';
import { validityText } from './words.ts';

type Section = CardModel['sections'][number];

/** What a data set is, where it comes from, on which terms, and what is in it. */
export function dataCard(release: DatasetRelease, madeBy: string | undefined): CardModel {
  const { card, tables, arrays, files } = release;
  const id = datasetRef(release);
  return {
    title: card.title,
    id,
    kind: card.kind,
    description: card.description,
    sections: sections([
      [
        'About',
        {
          Species: card.species,
          Modality: card.modality,
          Shape: release.shape,
          Coordinates: card.coordinateSpace && Object.values(card.coordinateSpace).join(', '),
          Notes: card.notes?.join(' '),
        },
      ],
      [
        'Terms',
        {
          Licence: card.licence,
          'Licence text': card.licenceUrl,
          Cite: card.cite.join(' · '),
          DOI: card.doi,
          Exposure: card.exposure,
        },
      ],
      [
        'Tables',
        Object.fromEntries(
          tables.map(({ name, rows, columns }) => [
            name,
            `${grouped(rows)} rows: ${columns.map((column) => column.name + (column.unit ? ` (${column.unit})` : '')).join(', ')}`,
          ]),
        ),
      ],
      [
        'Arrays',
        Object.fromEntries(
          arrays.map(({ name, shape, axes, unit, dtype }) => [
            name,
            `${shape.map((length, i) => `${length} ${axes[i] ?? ''}`.trim()).join(' × ')}, ${unit ?? 'no unit'}, ${dtype}`,
          ]),
        ),
      ],
      [
        'Files',
        Object.fromEntries(
          files.map(({ name, bytes, sha256, origin }) => [
            name,
            `${grouped(bytes)} bytes, sha256 ${sha256}, from ${origin}`,
          ]),
        ),
      ],
    ]),
    actions: [
      { label: 'Insert into Notebook', intent: 'insert', payload: { id } },
      ...(madeBy ? [{ label: 'Open Provenance', intent: 'open-activity', payload: { activity: madeBy } }] : []),
    ],
  };
}

/** What a twin is, what it was fitted on, and how well it predicts. */
export function twinCard(twin: TwinCard, validity: Validity | undefined, madeBy: string | undefined): CardModel {
  const control = validity?.control;
  return {
    title: twin.title,
    id: twin.id,
    kind: 'predicted',
    sections: sections([
      [
        'Validity',
        {
          Correlation: validityInFull(validity),
          'Shuffled control': measured(control),
          n: validity?.n && `${validity.n.count} ${validity.n.of}`,
        },
      ],
      [
        'Made from',
        {
          Kind: twin.kind,
          Data: twin.data,
          'Fitted on': `${twin.fittedOn.part}, n = ${twin.fittedOn.n} ${twin.fittedOn.of}`,
          Exposure: twin.exposure,
          Seed: String(twin.seed),
          Cite: twin.cite.join(' · '),
        },
      ],
      ['Options', texts(twin.options)],
      ['Summary', texts(twin.summary)],
      [
        'Files',
        Object.fromEntries(
          twin.files.map(({ name, bytes, object }) => [name, `${grouped(bytes)} bytes, sha256 ${object}`]),
        ),
      ],
    ]),
    actions: [
      ...(validity
        ? [{ label: 'Open Validity', intent: 'open-activity', payload: { activity: validity.activity } }]
        : []),
      ...(madeBy ? [{ label: 'Open Provenance', intent: 'open-activity', payload: { activity: madeBy } }] : []),
    ],
  };
}

/** `r 0.469, 95 % CI 0.420 to 0.498, noise ceiling 0.871 (heldout)` */
function validityInFull(validity: Validity | undefined): string {
  if (!validity || validity.pearson === null) return validityText(validity);
  const { pearson, ci, ceiling, protocol } = validity;
  const parts = [
    `r ${measured(pearson)}`,
    ci && ci.low !== null && ci.high !== null && `95 % CI ${measured(ci.low)} to ${measured(ci.high)}`,
    ceiling === null ? 'noise ceiling not measured' : `noise ceiling ${measured(ceiling)}`,
  ];
  return `${parts.filter(Boolean).join(', ')} (${protocol})`;
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`),
      textOf(value),
    ]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const words = Array.isArray(value) && value.every((one) => ['string', 'number'].includes(typeof one));
  return words ? value.join(', ') : (JSON.stringify(value) ?? '');
}

/** Leaves out what is not there. */
function sections(all: [string, Record<string, string | undefined>][]): Section[] {
  return all
    .map(([heading, facts]) => ({
      heading,
      facts: Object.entries(facts).flatMap(([name, text]) => (text ? [{ name, text }] : [])),
    }))
    .filter(({ facts }) => facts.length > 0);
}
