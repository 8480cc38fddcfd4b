import type { Answer } from '@bregma/core/contracts/answer';
import { BregmaError } from '@bregma/core/errors';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { readRecords } from '@bregma/readers/rows';
import { answers } from '@bregma/webviews/answers.gen';
import type { JsonModel } from '@bregma/webviews/json/model';
import { picturesOf } from '@bregma/webviews/kit/pictures-of';
import type { TableModel } from '@bregma/webviews/table/model';
import { isObject } from '../tools.ts';
import { answerOf, callOf, captionOf } from './answer.ts';
import { arrowOf } from './arrow.ts';

/** One picture of an answer: a view of `webviews/` and what it draws. */
export interface Picture {
  view: string;
  model: unknown;
}

/** Rows, characters of all and of one that a notebook shows at most; the objects have all of them. */
const most = { rows: 100_000, characters: 12_000_000, text: 10_000 };

type Value = Record<string, unknown>;

/** The pictures of an activity's answer, most telling first; JSON for what has no better form. Throws when it did not succeed. */
export async function draw(record: LedgerRecord<'activity'>, objects: ObjectStore): Promise<Picture[]> {
  const { tool } = record.body;
  const answer = answerOf(record, objects);
  if (!isObject(answer.value)) return [drawJson(answer, tool)];
  if (tool === 'query_data') return [await drawTable(answer, answer.value, objects)];
  const parts = answers.filter(({ from }) => from.tools.includes(tool));
  const { pictures, problems } = await picturesOf(callOf(record, answer, objects), parts);
  if (problems.length > 0) throw new BregmaError('corrupt', problems.join(' '));
  // A simulation says more than its pictures show.
  const all = pictures.length === 0 || isObject(answer.value.spikes);
  return all ? [...pictures, drawJson(answer, tool)] : pictures;
}

const drawJson = (answer: Answer, tool: string): Picture => ({
  view: 'json',
  model: { ...captionOf(answer, tool), value: answer.value } satisfies JsonModel,
});

async function drawTable(answer: Answer, value: Value, objects: ObjectStore): Promise<Picture> {
  // SAFETY: an answer of query_data, whose output form has columns of this form.
  const told = value.columns as { name: string; type: string; text?: true }[];
  // Parquet keeps whole numbers of 128 bits as doubles: only the answer itself has all their digits.
  if (told.some(({ type }) => /^(U?HUGEINT|BIGNUM)$/.test(type))) return drawPreview(answer, told, value);
  const { columns: stored, records, available } = await readRecords(objects.get(objectOf(value.result)), most);
  const types = new Map(told.map(({ name, type }) => [name, type]));
  const columns = stored.map(({ name, type }) => ({ name, type: types.get(name) ?? type }));
  const model: TableModel = {
    ...captionOf(answer, 'Result'),
    completeness: { returned: records.length, available, of: answer.completeness?.of ?? 'rows' },
    columns,
    arrow: arrowOf(columns, records, most.text),
    ...(records.length < available && {
      note: `The first ${records.length} of ${available} rows; copying as CSV or Parquet gives all.`,
    }),
  };
  return { view: 'table', model };
}

function drawPreview(answer: Answer, columns: TableModel['columns'], value: Value): Picture {
  // SAFETY: an answer of query_data, whose output form has rows as lists.
  const rows = value.rows as unknown[][];
  const model: TableModel = {
    ...captionOf(answer, 'Result'),
    columns,
    rows,
    note: 'The rows of the preview, with every digit of its wide numbers; limit=200 behind sql shows more.',
  };
  return { view: 'table', model };
}

const objectOf = (reference: unknown): string => (isObject(reference) ? String(reference.object) : '');
