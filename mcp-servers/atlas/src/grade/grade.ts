import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { identifier, literal } from '@bregma/readers/sql-text';
import { askRows } from '../query/ask-rows.ts';
import { findEntry } from '../sources/registry.ts';
import { type FairCheck, fairChecks } from './access.ts';
import { keyColumns, labelColumns } from './labels.ts';

/** One part of a grade: a number, or null where there is nothing to measure, and how it was measured. */
export interface Measured {
  value: number | null;
  how: string;
}

/** What a release is good for, measured from its data. */
export interface Grade {
  /** Share of its domain, or of its cells, 0 to 1. */
  coverage: Measured;
  /** Effective number of sorts: exp of Shannon's entropy (Hill 1973, Ecology 54:427, order 1). */
  entropy: Measured & { of?: string };
  /** Share of its things that say of what sort they are, 0 to 1. */
  annotation: Measured;
  /** Share of FAIR checks, 0 to 1. */
  access: Measured & { fails: Omit<FairCheck, 'passes'>[] };
  /** Added releases that name the same things. */
  joins: Measured & { with: { by: string; release: string; theirs: string; matched: number; of: number }[] };
}

/** Other releases that are looked at for joins, and pairs of columns, at most. */
const [mostReleases, mostPairs] = [12, 60];

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

/** Grades an added release. Nothing of a measurement is read: only names, labels and what is missing. */
export async function gradeOf(release: DatasetRelease, workspace: Workspace, signal: AbortSignal): Promise<Grade> {
  const ask: Ask = async (sql) => (await askRows(sql, { rows: 10_000 }, workspace, signal)).rows;
  return {
    coverage: await coverageOf(release, ask),
    ...(await sortsOf(release, ask)),
    access: accessOf(release),
    joins: await joinsOf(release, listDatasets(workspace.ledger), ask),
  };
}

const from = (release: DatasetRelease, table: string) => `${identifier(datasetRef(release))}.${identifier(table)}`;

async function coverageOf(release: DatasetRelease, ask: Ask): Promise<Measured> {
  const domain = findEntry(datasetRef(release))?.domain;
  if (domain) {
    const [row] = await ask(domain.sql.replaceAll('this.', `${identifier(datasetRef(release))}.`));
    const count = Number(Object.values(row)[0]);
    return { value: count / domain.size, how: `${count} of the ${domain.size} ${domain.what} (${domain.source})` };
  }
  const counted = release.tables.map(({ name, columns }) => {
    const present = columns.map((column) => `count(${identifier(column.name)})`).join(' + ') || '0';
    return `SELECT (${present})::DOUBLE AS present, (count(*) * ${columns.length})::DOUBLE AS cells FROM ${from(release, name)}`;
  });
  if (counted.length === 0) return { value: null, how: 'It has no table, and no domain of it is stated.' };
  const [row] = await ask(`SELECT sum(present) AS present, sum(cells) AS cells FROM (${counted.join(' UNION ALL ')})`);
  const [present, cells] = [Number(row.present), Number(row.cells)];
  return {
    value: cells > 0 ? present / cells : null,
    how: `No domain of it is stated: ${present} of ${cells} cells of its tables have a value.`,
  };
}

async function sortsOf(release: DatasetRelease, ask: Ask): Promise<Pick<Grade, 'entropy' | 'annotation'>> {
  for (const { table, column, of } of labelColumns(release)) {
    const [row] = await ask(
      `WITH c AS (SELECT ${identifier(column)} AS label, count(*)::DOUBLE AS n FROM ${from(release, table)} GROUP BY 1)
       SELECT (SELECT sum(n) FROM c) AS total, sum(n) AS labelled, count(*)::DOUBLE AS sorts, exp(-sum(n / t * ln(n / t))) AS effective FROM (SELECT n, sum(n) OVER () AS t FROM c WHERE label IS NOT NULL)`,
    );
    const [total, labelled, sorts] = [row.total, row.labelled, row.sorts].map(Number);
    if (!(labelled > 0)) continue;
    return {
      entropy: {
        value: Number(row.effective),
        of,
        how: `exp of the entropy of ${table}.${column}: ${sorts} sorts of ${labelled} ${of}`,
      },
      annotation: { value: labelled / total, how: `${labelled} of ${total} ${of} have a value in ${table}.${column}` },
    };
  }
  const columns = release.tables.flatMap((table) => table.columns);
  const said = columns.filter(({ unit, description }) => unit !== undefined || description !== undefined).length;
  return {
    entropy: { value: null, how: 'No column says of what sort its rows are.' },
    annotation: {
      value: columns.length > 0 ? said / columns.length : null,
      how: `${said} of ${columns.length} columns say their unit or meaning; none says of what sort its rows are.`,
    },
  };
}

function accessOf(release: DatasetRelease): Grade['access'] {
  const checks = fairChecks(release);
  const fails = checks.filter(({ passes }) => !passes).map(({ principle, asks }) => ({ principle, asks }));
  return {
    value: (checks.length - fails.length) / checks.length,
    how: `${checks.length - fails.length} of ${checks.length} FAIR checks of its record`,
    fails,
  };
}

async function joinsOf(release: DatasetRelease, all: DatasetRelease[], ask: Ask): Promise<Grade['joins']> {
  const others = all.filter((one) => datasetRef(one) !== datasetRef(release)).slice(-mostReleases);
  const pairs = keyColumns(release)
    .flatMap((own) => others.flatMap((other) => keyColumns(other).map((theirs) => ({ own, other, theirs }))))
    .slice(0, mostPairs);
  const distinct = (one: DatasetRelease, { table, column }: { table: string; column: string }) =>
    `SELECT DISTINCT ${identifier(column)} AS k FROM ${from(one, table)} WHERE ${identifier(column)} IS NOT NULL`;
  const found =
    pairs.length === 0
      ? []
      : await ask(
          pairs
            .map(
              ({ own, other, theirs }) =>
                `SELECT ${literal(`${own.table}.${own.column}`)} AS own, ${literal(datasetRef(other))} AS release, ${literal(`${theirs.table}.${theirs.column}`)} AS theirs, count(b.k)::DOUBLE AS matched, count(*)::DOUBLE AS of FROM (${distinct(release, own)}) a LEFT JOIN (${distinct(other, theirs)}) b ON a.k = b.k`,
            )
            .join(' UNION ALL '),
        );
  const best = new Map<string, Grade['joins']['with'][number]>();
  for (const row of found) {
    const one = {
      by: String(row.own),
      release: String(row.release),
      theirs: String(row.theirs),
      matched: Number(row.matched),
      of: Number(row.of),
    };
    const before = best.get(one.release);
    if (one.matched > 0 && (!before || one.matched / one.of > before.matched / before.of)) best.set(one.release, one);
  }
  return {
    value: best.size,
    with: [...best.values()].sort((a, b) => b.matched / b.of - a.matched / a.of || (a.release < b.release ? -1 : 1)),
    how: `of ${others.length} other added releases, those that have a value of a key column of this one, as characters; that they mean the same is for join_data to be told`,
  };
}
