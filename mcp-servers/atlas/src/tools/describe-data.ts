import { unknownName } from '@bregma/core/errors';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import * as z from 'zod';
import { gradeOf } from '../grade/grade.ts';
import { disagreements } from '../published.ts';
import { type ColumnProfile, profileTable } from '../query/profile.ts';
import { asSentence } from '../read/load-table.ts';
import { findEntry, placeOf, registry } from '../sources/registry.ts';
import { countsOf } from '../sources/withheld-counts.ts';

export const describeData = defineTool({
  name: 'describe_data',
  question: 'What is in a data set: tables, arrays, units, licence, grade?',
  input: z.object({
    data: z.string().describe('id or id@release'),
    table: z.string().optional().describe('Profile its columns: levels, missing, mixed'),
    grade: z.boolean().default(false),
  }),
  output: z.looseObject({ dataset: z.string(), added: z.boolean() }),
  effect: 'read',
  digits: 'all',
  brief,
  async run({ data, table, grade }, { workspace, signal }) {
    const added = listDatasets(workspace.ledger);
    const release = added.findLast((candidate) => candidate.id === data || datasetRef(candidate) === data);
    if (release) {
      const reference = datasetRef(release);
      const profile = table === undefined ? undefined : await profileTable(release, table, workspace, signal);
      const graded = grade ? await gradeOf(release, workspace, signal) : undefined;
      return {
        value: {
          dataset: reference,
          added: true,
          profile,
          grade: graded,
          shape: release.shape,
          card: release.card,
          tables: release.tables.map(({ name, description, rows, columns, decisions }) => ({
            name,
            description,
            rows,
            columns: columns.map(({ missing, ...column }) => (missing?.count ? { ...column, missing } : column)),
            decisions,
          })),
          arrays: release.arrays.map(({ name, description, dtype, shape, axes, unit, object }) => ({
            name,
            description,
            dtype,
            shape,
            axes,
            unit,
            object,
          })),
          withheld: release.withheld && countsOf(release.withheld),
          // A file that is an array, byte by byte, has that array's digest.
          files: release.files.map(({ sha256, ...file }) =>
            release.arrays.some(({ object }) => object === sha256) ? file : { ...file, sha256 },
          ),
          disagreements: disagreements(findEntry(reference)),
        },
        kind: release.card.kind,
        release: [reference],
        licence: [release.card.licence],
        cite: release.card.cite,
        inputs: [reference],
      };
    }
    const entry = findEntry(data);
    if (!entry) {
      throw unknownName(
        'data set',
        data,
        nearest(data, [...added.map(datasetRef), ...registry.map(({ id }) => id)]),
        'Call find_data to see what there is.',
      );
    }
    return {
      value: {
        dataset: datasetRef(entry),
        added: false,
        shape: entry.shape,
        card: entry.card,
        terms: entry.terms,
        from: placeOf(entry),
        disagreements: disagreements(entry),
        files: entry.files.map(({ path: name, bytes, sha256, origin }) => ({ name, bytes, sha256, origin })),
        brings: entry.brought,
        next: `add_data {"source": "${entry.id}"${entry.brought ? ', "options": {"folder": "…"}' : ''}${entry.terms ? ', "agree": true' : ''}}`,
      },
      kind: 'derived',
      licence: [entry.card.licence],
      cite: entry.card.cite,
    };
  },
});

/** Of a table that is profiled, what the profile has and the table alone: its columns once, and what was decided of them. */
function brief({ profile, card, ...value }: Record<string, unknown>): unknown {
  if (!isProfile(profile)) return { ...value, card };
  const { tables, files: _, arrays: __, ...rest } = value;
  const own = Array.isArray(tables) ? tables.find(({ name }) => name === profile.table) : undefined;
  return {
    ...rest,
    profile: { ...profile, columns: profile.columns.map(profiled) },
    decisions: own?.decisions?.map(asSentence),
  };
}

const isProfile = (value: unknown): value is Profile => typeof value === 'object' && value !== null;
type Profile = Awaited<ReturnType<typeof profileTable>>;

/** A column without what says nothing: that no value is missing, how many levels are listed. */
function profiled({ missing, distinct, levels, ...column }: ColumnProfile) {
  return { ...column, ...(missing > 0 && { missing }), ...(levels ? { levels } : { distinct }) };
}
