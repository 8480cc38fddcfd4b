import type { Column, DatasetRelease, Table } from '../contracts/dataset.ts';
import { licenceUrl } from './crate/licences.ts';

/** The context that Croissant 1.0 asks for, word by word (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html, appendix 1). */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataBiases: 'cr:dataBiases',
  dataCollection: 'cr:dataCollection',
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  personalSensitiveInformation: 'cr:personalSensitiveInformation',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  rai: 'http://mlcommons.org/croissant/RAI/',
};

/**
 * A release as Croissant 1.0: its source files with their origins and digests, its tables as Parquet with a record set each, its arrays
 * as NPY. addedAt: ISO 8601. Objects are named by where they lie below the workspace.
 */
export function croissantOf(release: DatasetRelease, addedAt: string): object {
  const { card, tables, arrays, files } = release;
  const stored = (what: string, name: string, digest: string, encodingFormat: string, description?: string) => ({
    '@type': 'cr:FileObject',
    '@id': idOf(what, name),
    name: `${what}/${name}`,
    description,
    contentUrl: `.bregma/objects/${digest.slice(0, 2)}/${digest.slice(2)}`,
    encodingFormat,
    sha256: digest,
  });
  return {
    '@context': context,
    '@type': 'sc:Dataset',
    name: release.id,
    alternateName: card.title,
    description: [card.description, ...(card.notes ?? [])].join(' '),
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    identifier: `bregma:${release.id}@${release.release}`,
    version: versionOf(release.release),
    license: licenceUrl(card.licence) ?? card.licenceUrl ?? card.licence,
    url: card.doi ? `https://doi.org/${card.doi}` : (files[0]?.origin ?? `bregma://dataset/${release.id}`),
    citeAs: card.cite.join('; ') || undefined,
    creator: { '@type': 'sc:Organization', name: card.cite[0] ?? 'not stated' },
    datePublished: addedAt.slice(0, 10),
    keywords: [card.species, card.modality, card.kind].filter((word) => word !== undefined),
    distribution: [
      ...files.map(({ name, bytes, sha256, origin }) => ({
        '@type': 'cr:FileObject',
        '@id': idOf('source', name),
        name: `source/${name}`,
        contentUrl: origin.startsWith('https://') ? origin : name,
        description: origin.startsWith('https://') ? undefined : origin,
        contentSize: `${bytes} B`,
        encodingFormat: mediaOf(name),
        sha256,
      })),
      ...tables.map(({ name, object, description }) =>
        stored('table', name, object, 'application/vnd.apache.parquet', description),
      ),
      ...arrays.map(({ name, object, description, shape, axes, unit }) =>
        stored(
          'array',
          name,
          object,
          'application/x-npy',
          `${description ?? name}: ${axes.join(' × ')} [${shape.join(', ')}]${unit ? `, ${unit}` : ''}`,
        ),
      ),
    ],
    recordSet: tables.map(recordSetOf),
  };
}

/** A name inside the description: an IRI holds no blank, and a table may. */
const idOf = (...parts: string[]) => parts.map((part) => encodeURI(part)).join('/');

function recordSetOf(table: Table) {
  return {
    '@type': 'cr:RecordSet',
    '@id': idOf('records', table.name),
    name: `records/${table.name}`,
    description: table.description ?? `${table.rows} rows`,
    field: table.columns.map((column) => ({
      '@type': 'cr:Field',
      '@id': idOf('records', table.name, column.name),
      name: `records/${table.name}/${column.name}`,
      description:
        [column.description, column.unit && `unit: ${column.unit}`].filter(Boolean).join('; ') || column.name,
      ...dataTypeOf(column),
      source: { fileObject: { '@id': idOf('table', table.name) }, extract: { column: column.name } },
    })),
  };
}

/** The type of Croissant that a type of DuckDB is; what has none is text. */
function dataTypeOf({ type = 'VARCHAR' }: Column): { dataType: string; repeated?: true } {
  if (type.endsWith('[]')) return { ...dataTypeOf({ name: '', type: type.slice(0, -2) }), repeated: true };
  if (type === 'BOOLEAN') return { dataType: 'sc:Boolean' };
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return { dataType: 'sc:Integer' };
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)/.test(type)) return { dataType: 'sc:Float' };
  if (type === 'DATE') return { dataType: 'sc:Date' };
  if (type.startsWith('TIMESTAMP')) return { dataType: 'sc:DateTime' };
  return { dataType: 'sc:Text' };
}

/** MAJOR.MINOR.PATCH, as Croissant recommends, where the release is one or begins as one; else 1.0.0+RELEASE. */
function versionOf(release: string): string {
  const [, major, minor = '0', patch = '0', rest = ''] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)$/.exec(release) ?? [];
  if (major === undefined || rest !== '') return `1.0.0+${release.replaceAll(/[^0-9A-Za-z.-]/g, '-')}`;
  return `${Number(major)}.${Number(minor)}.${Number(patch)}`;
}

const media: [ending: RegExp, type: string][] = [
  [/\.csv$/i, 'text/csv'],
  [/\.(tsv|tab)$/i, 'text/tab-separated-values'],
  [/\.json$/i, 'application/json'],
  [/\.xml$/i, 'application/xml'],
  [/\.txt$/i, 'text/plain'],
  [/\.parquet$/i, 'application/vnd.apache.parquet'],
  [/\.xlsx$/i, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  [/\.zip$/i, 'application/zip'],
  [/\.gz$/i, 'application/gzip'],
  [/\.npy$/i, 'application/x-npy'],
  [/\.(h5|hdf5|nwb|h5ad)$/i, 'application/x-hdf5'],
];

const mediaOf = (name: string): string =>
  media.find(([ending]) => ending.test(name))?.[1] ?? 'application/octet-stream';
