import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Table, Withheld } from '@bregma/core/contracts/dataset';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import { doublesOf, parseNpy } from '@bregma/core/npy';
import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import type { Columns } from '@bregma/core/questions/sample';
import { ownFolder } from '@bregma/core/storage';
import type { Workspace } from '@bregma/core/workspace';
import { columnsOfTable, columnsWithheld, rowsOf } from '@bregma/readers/question-rows';
import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import { withheldFolder } from '@bregma/readers/withheld';
import type { FormatKit, Parts } from '../formats/format.ts';
import { type DividedArrays, isAlong, withholdArrays } from './withhold-arrays.ts';
import type { Withholding } from './withholding.ts';

/** The parts of a file without the rows that are withheld, and what was withheld. */
export interface Split {
  parts: Parts;
  withheld: Withheld;
}

/**
 * Divides tables and arrays into what is in the open and what is withheld. The whole that a format stored is removed. A part of a
 * file that has no such column or axis stays open, and a warning says so. Throws `bad-input` where there is nothing to divide, and
 * `conflict` where the rows lie in the open already.
 */
export async function withholdRows(
  parts: Parts,
  asked: Withholding,
  kit: FormatKit,
  workspace: Workspace,
): Promise<Split> {
  const { by } = asked;
  const mixed = parts.arrays.length > 0;
  const along = parts.arrays.filter((array) => isAlong(array, by));
  // A file of tables alone is divided in each of them; beside arrays, a table that has no such column describes what stays.
  const tables = mixed ? parts.tables.filter(({ columns }) => columns.some(({ name }) => name === by)) : parts.tables;
  if (along.length + tables.length === 0)
    throw unknownName(
      mixed ? 'axis or column' : 'column',
      by,
      nearest(by, namesIn(parts)),
      `There are ${namesIn(parts).slice(0, 30).join(', ') || 'none'}; or withhold by row.`,
    );
  const known = new Set(
    listDatasets(workspace.ledger).flatMap((one) => [...one.tables, ...one.arrays].map(({ object }) => object)),
  );
  const open = [...tables, ...along].find(({ object }) => known.has(object));
  if (open)
    throw new BregmaError('conflict', `The rows of ${open.name} lie in the open in this workspace already.`, {
      next: 'What was open cannot be withheld; withhold rows of new data.',
    });
  const divided: { open: Table; withheld: Withheld['tables'][number]; shown: Columns; hidden: Columns }[] = [];
  let levels = { withheld: 0, of: 0 };
  let arrays: DividedArrays = { open: parts.arrays, withheld: [], levels };
  try {
    if (along.length > 0) arrays = withholdArrays(parts.arrays, asked, kit.objects, workspace.bregma);
    levels = arrays.levels;
    for (const table of tables) {
      const one = await divide(table, asked, kit, workspace);
      divided.push(one);
      levels = { withheld: levels.withheld + one.levels.withheld, of: levels.of + one.levels.of };
    }
  } finally {
    for (const { object } of [...tables, ...along]) rmSync(kit.objects.pathOf(object), { force: true });
  }
  const quotes = (sentence: string) => divided.some(({ shown, hidden }) => quotesHidden(sentence, shown, hidden));
  return {
    parts: {
      ...parts,
      warnings: [
        ...parts.warnings.filter((warning) => !quotes(warning)),
        ...staysOpen(parts, [...tables, ...along], by),
      ],
      tables: parts.tables.map((table) => {
        const own = divided[tables.indexOf(table)]?.open ?? table;
        return { ...own, decisions: own.decisions?.filter(({ what }) => !quotes(what)) };
      }),
      arrays: arrays.open,
    },
    withheld: { ...asked, levels, tables: [...arrays.withheld, ...divided.map(({ withheld }) => withheld)] },
  };
}

/** Columns and axes by which a file can be divided. */
const namesIn = ({ tables, arrays }: Parts): string[] => [
  ...new Set([
    ...arrays.flatMap(({ axes }) => axes),
    ...tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
  ]),
];

function staysOpen({ tables, arrays }: Parts, divided: { name: string }[], by: string): string[] {
  const others = [...tables, ...arrays].filter((part) => !divided.includes(part)).map(({ name }) => name);
  return others.length > 0 ? [`In the open, because nothing of ${by} is in it: ${others.join(', ')}.`] : [];
}

async function divide(table: Table, { by, share, seed }: Withholding, kit: FormatKit, { bregma, objects }: Workspace) {
  const names = table.columns.map(({ name }) => name);
  if (by !== 'row' && !names.includes(by))
    throw unknownName(
      'column',
      by,
      nearest(by, names),
      `${table.name} has ${names.slice(0, 30).join(', ')}; or withhold by row.`,
    );
  const source = readFileSql('parquet', objects.pathOf(table.object));
  // Rows that are equal in everything are one measurement: they lie on one side.
  const texts = (by === 'row' ? names : [by]).map((name) => `coalesce(${identifier(name)}::VARCHAR, chr(1))`);
  const level = texts.join(` || chr(0) || `);
  const [{ of }] = await kit.duck.rows(`SELECT count(DISTINCT ${level})::INTEGER AS of FROM ${source}`);
  const count = Math.round(share * Number(of));
  if (count < 1 || count >= Number(of))
    throw new BregmaError('bad-input', `A share of ${share} of the ${of} levels of ${by} withholds ${count} of them.`, {
      next: 'Some must be withheld and some stay open: name another share, or another column.',
    });
  await kit.duck.run(
    `CREATE OR REPLACE TEMP TABLE drawn AS SELECT level FROM (SELECT DISTINCT ${level} AS level FROM ${source}) ORDER BY md5(${literal(`${seed} `)} || level), level LIMIT ${count}`,
  );
  const rows = (side: 'IN' | 'NOT IN') => `SELECT * FROM ${source} WHERE (${level}) ${side} (SELECT level FROM drawn)`;
  const described = { name: table.name, description: table.description, columns: meaningsOf(table) };
  const hiddenTable = await kit.duck.table(rows('IN'), described);
  const part = moveAside(hiddenTable.object, objects.pathOf(hiddenTable.object), bregma);
  const open = { ...(await kit.duck.table(rows('NOT IN'), described)), decisions: table.decisions };
  return {
    open,
    withheld: { name: table.name, rows: hiddenTable.rows, part },
    levels: { withheld: count, of: Number(of) },
    shown: await columnsOfTable(open, objects),
    hidden: await columnsWithheld(hiddenTable, part, bregma),
  };
}

const meaningsOf = ({ columns }: Table) =>
  Object.fromEntries(columns.map(({ name, unit, description }) => [name, { unit, description }]));

/** Takes a part out of the objects, into the folder that nothing but a test reads. */
function moveAside(part: string, file: string, bregma: string): string {
  const target = path.join(ownFolder(withheldFolder(bregma)), part);
  if (existsSync(target)) rmSync(file, { force: true });
  else renameSync(file, target);
  return part;
}

/** Whether a sentence about a table quotes a value that only withheld rows have. */
function quotesHidden(sentence: string, shown: Columns, hidden: Columns): boolean {
  const words = new Set(sentence.split(/[\s,;:'"()]+/).filter((word) => word.length > 1));
  const texts = (table: Columns) => new Set(Object.values(table).flatMap((values) => values.map(String)));
  const seen = texts(shown);
  return [...texts(hidden)].some((text) => words.has(text) && !seen.has(text));
}

/** Arrays of real numbers that are looked through for withheld ones, bytes at most. */
const mostBytes = 200e6;

/** Throws `not-allowed` where tables or arrays that are about to be added hold rows that an earlier release withholds. */
export async function refuseWithheld(
  { tables, arrays }: Pick<Parts, 'tables' | 'arrays'>,
  { ledger, objects, bregma }: Workspace,
): Promise<void> {
  const releases = listDatasets(ledger);
  if (!releases.some(({ withheld }) => withheld)) return;
  const known = new Set(releases.flatMap((one) => [...one.tables, ...one.arrays].map(({ object }) => object)));
  const added: { name: string; object: string; values: Columns }[] = [];
  for (const table of tables) added.push({ ...table, values: await columnsOfTable(table, objects) });
  for (const array of arrays)
    if (/^f[48]$/.test(array.dtype) && (objects.size(array.object) ?? 0) < mostBytes)
      added.push({ ...array, values: { values: [...doublesOf(parseNpy(objects.get(array.object)).data)] } });
  for (const release of releases) {
    for (const { part, name } of release.withheld?.tables ?? []) {
      const table = rowsOf(release).find((one) => one.name === name);
      if (!table) continue;
      const hidden = await columnsWithheld(table, part, bregma);
      for (const { name: own, object, values } of added) {
        if (known.has(object) || !holdsRowsOf(values, hidden)) continue;
        rmSync(objects.pathOf(object), { force: true });
        throw new BregmaError('not-allowed', `${own} holds rows that ${datasetRef(release)} withholds.`, {
          next: `They wait for a frozen hypothesis. Add the file with the same withhold: ${JSON.stringify(withholdingOf(release.withheld))}; to give them up as evidence, open them with withhold {"by": "row", "share": 0}.`,
          fields: { refusal: 'withheld', release: datasetRef(release) },
        });
      }
    }
  }
}

const withholdingOf = (withheld: Withheld | undefined) =>
  withheld && { by: withheld.by, share: withheld.share, seed: withheld.seed };
