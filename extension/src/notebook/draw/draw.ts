import type { Answer } from '@bregma/core/contracts/answer';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { openParquet } from '@bregma/readers/parquet';
import type { JsonModel } from '@bregma/webviews/json/model';
import { simulationPictures } from '@bregma/webviews/kit/simulation';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import type { TableModel } from '@bregma/webviews/table/model';
import type { ValidityModel } from '@bregma/webviews/validity/model';
import { isObject } from '../tools.ts';
import { answerOf, captionOf } from './answer.ts';
import { arrowOf } from './arrow.ts';
import { readRecords } from './rows.ts';

/** One picture of an answer: a view of `webviews/` and what it draws. */
export interface Picture {
  view: string;
  model: unknown;
}

/** Rows, characters of all and of one, spikes and matrix cells that a notebook shows at most; the objects have all of them. */
const most = { rows: 100_000, characters: 12_000_000, text: 10_000, spikes: 200_000, cells: 1_000_000 };

type Value = Record<string, unknown>;
type Drawer = (answer: Answer, value: Value, objects: ObjectStore) => Promise<Picture[]> | Picture[];

const drawers: Partial<Record<string, Drawer>> = {
  query_data: async (answer, value, objects) => [await drawTable(answer, value, objects)],
  validate_twin: (answer, value, objects) => [drawValidity(answer, value, objects)],
  run_twin: drawPredictions,
  trace_connections: (answer, value) => drawList(answer, 'Partners', value.partners ?? value.nearest),
};

/** The pictures of an activity's answer, most telling first; JSON for what has no better form. Throws when it did not succeed. */
export async function draw(record: LedgerRecord<'activity'>, objects: ObjectStore): Promise<Picture[]> {
  const answer = answerOf(record, objects);
  const drawer = drawers[record.body.tool];
  const pictures = drawer && isObject(answer.value) ? await drawer(answer, answer.value, objects) : [];
  return pictures.length > 0 ? pictures : [drawJson(answer, record.body.tool)];
}

const drawJson = (answer: Answer, tool: string): Picture => ({
  view: 'json',
  model: { ...captionOf(answer, tool), value: answer.value } satisfies JsonModel,
});

async function drawTable(answer: Answer, value: Value, objects: ObjectStore): Promise<Picture> {
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
  const rows = value.rows as unknown[][];
  const model: TableModel = {
    ...captionOf(answer, 'Result'),
    columns,
    rows,
    note: 'The rows of the preview, with every digit of its wide numbers; limit=200 behind sql shows more.',
  };
  return { view: 'table', model };
}

function drawValidity(answer: Answer, value: Value, objects: ObjectStore): Picture {
  const units = JSON.parse(objects.get(objectOf(value.perUnit)).toString('utf8')) as Value[];
  const number = (item: unknown) => (typeof item === 'number' ? item : null);
  const model: ValidityModel = {
    ...captionOf(answer, 'Predictive validity'),
    metric: 'pearson',
    units: units.map((unit, i) => ({
      id: String(unit.unit ?? unit.neuron ?? unit.stimulated ?? unit.name ?? i),
      value: number(unit.pearson),
      ...('ceiling' in unit && { ceiling: number(unit.ceiling) }),
      ...('control' in unit && { control: number(unit.control) }),
    })),
    centre:
      typeof value.pearson === 'number'
        ? { is: 'all pairs', value: value.pearson }
        : { is: 'median', value: (value.median as { pearson: number | null }).pearson },
    ci: value.ci as ValidityModel['ci'],
    ceiling: number(value.ceiling),
    ceilingIs: text(value.ceilingIs),
    control: number(value.control),
    controlIs: text(value.controlIs),
    controlRange: value.controlRange as ValidityModel['controlRange'],
    twin: text(value.twin),
    protocol: text(value.protocol),
    domain: text(value.domain),
  };
  return { view: 'validity', model };
}

async function drawPredictions(answer: Answer, value: Value, objects: ObjectStore): Promise<Picture[]> {
  if (isObject(value.spikes)) return drawSimulation(answer, value, objects);
  if (value.strongest) return drawList(answer, 'Strongest responses', value.strongest);
  const [rows, columns] = value.shape as number[];
  if (!(rows * columns <= most.cells)) return [];
  const { data } = parseNpy(objects.get(objectOf(value.predictions)));
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  const model: MatrixModel = {
    ...captionOf(answer, 'Predicted responses'),
    rows: { of: 'neuron', names: numbered(rows) },
    columns: { of: 'stimulus', names: numbered(columns) },
    value: { label: 'response', unit: text(value.unit) },
    dense: {
      dtype: data instanceof Float32Array ? 'f4' : 'f8',
      shape: [rows, columns],
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    },
  };
  return [{ view: 'matrix', model }];
}

/** Spikes, rates over time and the strongest neurons, from the tables that the answer names. */
async function drawSimulation(answer: Answer, value: Value, objects: ObjectStore): Promise<Picture[]> {
  const spikes = openParquet(objects.get(objectOf(value.spikes)));
  const rows = await spikes.read(0, Math.min(most.spikes, spikes.available), ['neuron', 'time_ms', 'trial']);
  const rates = openParquet(objects.get(objectOf(value.predictions)));
  const known = await rates.read(0, rates.available, ['neuron', 'name', 'cell_type', 'driven']);
  const { raster, rates: overTime } = simulationPictures(
    {
      spikes: rows.map(({ neuron, time_ms, trial }) => ({
        neuron: String(neuron),
        timeMs: Number(time_ms),
        trial: Number(trial),
      })),
      available: spikes.available,
      neurons: new Map(
        known.map(({ neuron, name, cell_type, driven }) => [
          String(neuron),
          { name: text(name), type: text(cell_type), driven: driven === true },
        ]),
      ),
      durationMs: Number(value.durationMs),
      kept: Number((value.spikes as Value).trials),
      trials: Number(value.trials),
    },
    captionOf(answer, 'run_twin'),
  );
  return [
    { view: 'raster', model: raster },
    ...(overTime ? [{ view: 'rates', model: overTime }] : []),
    ...drawList(answer, 'Strongest responses', value.strongest),
    drawJson(answer, 'run_twin'),
  ];
}

/** A list of records as a table. */
function drawList(answer: Answer, title: string, list: unknown): Picture[] {
  if (!Array.isArray(list) || list.length === 0 || !list.every(isObject)) return [];
  const names = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const model: TableModel = {
    ...captionOf(answer, title),
    columns: names.map((name) => ({ name, type: typeof list[0][name] === 'number' ? 'DOUBLE' : 'VARCHAR' })),
    rows: list.map((row) => names.map((name) => row[name] ?? null)),
  };
  return [{ view: 'table', model }];
}

const objectOf = (reference: unknown): string => (isObject(reference) ? String(reference.object) : '');
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
