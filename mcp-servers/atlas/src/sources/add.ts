import { existsSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '@bregma/core/canonical';
import type { DataCard, DatasetRelease } from '@bregma/core/contracts/dataset';
import { howToState, ValueKind } from '@bregma/core/contracts/value-kind';
import { embeddedFolder } from '@bregma/core/embedded';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { type ReadingPolicy, readingPolicy } from '@bregma/core/reading-policy';
import type { KeptNaN } from '@bregma/readers/duck';
import type { DatasetAdapter } from '../datasets/adapter.ts';
import { allowed, sizesNamed } from '../import/inputs.ts';
import { importLimits, importScale } from '../import/limits.ts';
import type { ImportReply, ImportTask } from '../import/protocol.ts';
import { runImport } from '../import/run.ts';
import { idOfFile, ownId } from '../own-id.ts';
import { openDuck } from '../read/open-duck.ts';
import { tableName } from '../read/table-name.ts';
import { isRemote } from '../remote/address.ts';
import { openRemote, type RemoteInput } from '../remote/remote-input.ts';
import { agreementTo, wordOfClient } from './agreement.ts';
import { broughtFiles } from './brought.ts';
import { chooseFormat, generatorOf } from './choose-format.ts';
import { obtain } from './fetch.ts';
import { keptKind } from './kept-kind.ts';
import { readUnchanged } from './read-unchanged.ts';
import { findEntry, registry } from './registry.ts';
import { refuseWithheld, type Split, withholdRows } from './withhold.ts';
import type { Withholding } from './withholding.ts';

/** What is to be added, as `add_data` was asked. */
export interface AddRequest {
  source: string;
  id?: string;
  format?: string;
  options: Record<string, unknown>;
  agree: boolean;
  withhold?: Withholding;
}

/** The release that was added, and what was doubtful. */
export interface Added {
  release: DatasetRelease;
  warnings: string[];
  /** Of what lies in the network: how large it is, and how much of it was needed. */
  remote?: { bytes: number; read: number };
}

/** Adds a registered release or the user's own file or folder. Nothing is recorded here: a failure leaves no data set. */
export async function addDataset(request: AddRequest, context: ToolContext): Promise<Added> {
  const entry = findEntry(request.source);
  const name = entry?.id ?? (isRemote(request.source) ? request.source.slice(0, 200) : undefined);
  if (name && request.withhold)
    throw new BregmaError('bad-input', `${name} is public: anybody may have seen its rows.`, {
      next: 'Withhold rows of your own data.',
    });
  if (entry) return addRegistered(entry, request, context);
  return isRemote(request.source) ? addRemote(request, context) : addOwn(request, context);
}

/** Adds what lies at an address; what arrived is kept for the next time. */
async function addRemote(request: AddRequest, context: ToolContext): Promise<Added> {
  const { workspace, signal } = context;
  const input = await openRemote(request.source, {
    folder: path.join(workspace.bregma, 'downloads', 'remote'),
    statesPath: workspace.objects.temporaryPath(),
    signal,
    progress: (done, total, message) => context.progress({ done, total, message }),
    byColumns: request.options.take !== undefined,
  });
  try {
    return await addOwn(request, context, input);
  } finally {
    input.close();
  }
}

/** What may be read: as for the whole workspace, and the data that come with the program. */
function policyOf({ workspace }: ToolContext): ReadingPolicy {
  const { allowed: others } = readingPolicy(workspace.folder);
  const embedded = embeddedFolder();
  return { workspace: workspace.folder, allowed: embedded === undefined ? others : [...others, embedded] };
}

/** Reads in a process of its own. input, made: see `importLimits`. */
function readApart(
  task: ImportTask,
  {
    input,
    made,
    keepNaN,
    need,
  }: { input: { bytes: number; files: number }; made?: number; keepNaN?: KeptNaN; need?: RemoteInput['need'] },
  context: ToolContext,
): Promise<ImportReply> {
  const limits = importLimits(input, made, importScale());
  return runImport(
    { task, policy: policyOf(context), limits, keepNaN },
    {
      objects: context.workspace.objects,
      signal: context.signal,
      progress: (done, total, message) => context.progress({ done, total, message }),
      need,
    },
  );
}

async function addRegistered(
  entry: DatasetAdapter,
  { agree, options, id }: AddRequest,
  context: ToolContext,
): Promise<Added> {
  if (id !== undefined && entry.parts) ownId(id);
  const agreed = agreementTo(entry, agree, context.client);
  const downloads = path.join(context.workspace.bregma, 'downloads');
  const progress = (done: number, total: number, message: string) => context.progress({ done, total, message });
  const brought = entry.brought && (await broughtFiles(entry, options.folder, policyOf(context), context.signal));
  const places = (brought ?? []).map(({ name, place, sha256 }) => ({ name, place, sha256 }));
  for (const file of entry.files)
    places.push({
      name: file.path,
      place: await obtain(file, { downloads, signal: context.signal, progress }),
      sha256: file.sha256,
    });
  const pinned = entry.files.map(({ path: file, bytes, sha256, origin }) => ({ name: file, bytes, sha256, origin }));
  const files = [...pinned, ...(brought ?? []).map(({ place: _, ...file }) => file)];
  const input = { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files: files.length };
  const task: ImportTask = {
    entry: `${entry.id}@${entry.release}`,
    places: places.map(({ name, place }) => [name, place]),
  };
  const limited = { input, made: madeOfPinned, keepNaN: keptNaN(options.nan) };
  const { tables, arrays, warnings } = await readUnchanged(entry.id, places, context.signal, () =>
    readApart(task, limited, context),
  );
  return {
    release: {
      id: (entry.parts && id) || entry.id,
      release: entry.parts
        ? `${entry.release}-${digestOf(files.map(({ name, sha256 }) => [name, sha256])).slice(0, 8)}`
        : entry.release,
      shape: entry.shape,
      card: entry.card,
      files,
      tables,
      arrays,
      agreed,
    },
    warnings: agreed && agree ? [...warnings, wordOfClient(entry.id)] : warnings,
  };
}

/** Bytes that may come of a release whose files are pinned, and of a generator, whatever they are made from. */
const madeOfPinned = 8e9;
const madeByGenerator = 2e9;

async function addOwn(
  { source, id, format: formatName, options, withhold }: AddRequest,
  context: ToolContext,
  remote?: RemoteInput,
): Promise<Added> {
  const policy = policyOf(context);
  const file = remote ? remote.path : allowed(source, policy).file;
  // A generator reads no file: its name is its source.
  const format = chooseFormat(source, file, formatName ?? (existsSync(file) ? undefined : generatorOf(source)));
  const { kind: givenKind, title, licence, cite, nan, ...rest } = options;
  const wished = ValueKind.safeParse(givenKind ?? format.kind ?? 'not stated');
  if (!wished.success)
    throw new BregmaError('bad-input', `options.kind is '${String(givenKind)}'.`, {
      next: `Choose one of ${ValueKind.options.join(', ')}.`,
    });
  if (format.kind && wished.data !== format.kind)
    throw new BregmaError('bad-input', `What ${format.name} makes is ${format.kind}, not ${wished.data}.`, {
      next: 'Leave options.kind out.',
    });
  const known = [...format.options, 'kind', 'title', 'licence', 'cite', 'nan'];
  const strange = Object.keys(rest).find((name) => !format.options.includes(name));
  if (strange)
    throw new BregmaError('bad-input', `Format ${format.name} has no option '${strange}'.`, {
      next: `Its options: ${known.join(', ')}.`,
    });
  const named = sizesNamed(source, rest, policy);
  const read = await readApart(
    {
      format: format.name,
      source,
      options: rest,
      ...(remote ? { copy: { path: remote.path, sparse: remote.sparse } } : {}),
    },
    {
      need: remote?.need,
      input: { ...named, bytes: named.bytes + (remote?.inputBytes ?? 0) },
      made: format.kind === 'synthetic' ? madeByGenerator : 0,
      keepNaN: keptNaN(nan),
    },
    context,
  );
  const opened = withhold?.share === 0;
  const split = withhold && !opened ? await withheldFrom(read, withhold, keptNaN(nan), context) : undefined;
  const parts = { ...read, ...(split ? { ...split.parts, files: read.files } : {}) };
  if (!opened) await refuseWithheld({ tables: parts.tables, arrays: parts.arrays }, context.workspace);
  const fetched = await remote?.finish();
  const files = fetched
    ? [fetched.file]
    : read.files.map((one) => ({
        ...one,
        name: path.relative(context.workspace.folder, one.name).replaceAll('\\', '/') || path.basename(one.name),
        origin: `the user's own file (${format.name})`,
      }));
  const { kind, warnings } = await knownKind(wished.data, parts, files, rest, context);
  const name =
    id ??
    (idOfFile(
      tableName(parts.read[0] ?? file)
        .toLowerCase()
        .replaceAll('_', '-')
        .replace(/^[^a-z0-9]+/, ''),
    ) ||
      'data');
  ownId(name);
  const registered = registry.find((entry) => inSql(entry.id) === inSql(name));
  if (registered)
    throw new BregmaError('conflict', `${name} is, in SQL, the id of the registered data set ${registered.id}.`, {
      next: 'Give your own data another id.',
    });
  const text = (value: unknown, fallback: string) => (typeof value === 'string' ? value : fallback);
  const card: DataCard = {
    description: `${format.title}, added from ${path.basename(source) || 'files'}.`,
    modality: parts.shape,
    ...parts.card,
    title: text(title, parts.card?.title ?? name),
    kind,
    cite: typeof cite === 'string' ? [cite] : (parts.card?.cite ?? []),
    licence: text(licence, parts.card?.licence ?? 'not stated'),
    exposure: parts.card?.exposure ?? (remote ? 'public' : 'private'),
  };
  const { kind: kindOf, title: titleOf, licence: licenceOf } = card;
  const release = digestOf({
    files: files.map(({ sha256 }) => sha256),
    options: nan === undefined ? rest : { ...rest, nan },
    shape: parts.shape,
    card: { kind: kindOf, title: titleOf, licence: licenceOf },
    withheld: split?.withheld,
  }).slice(0, 12);
  return {
    release: {
      id: name,
      release,
      shape: shapeOf(parts),
      card,
      files,
      tables: parts.tables,
      arrays: parts.arrays,
      withheld: split?.withheld,
    },
    warnings: [...parts.warnings, ...warnings],
    remote: fetched?.counted,
  };
}

/** The rows of what was read and checked, divided by this process: what is withheld never lies among the objects. */
async function withheldFrom(
  read: ImportReply,
  asked: Withholding,
  keepNaN: KeptNaN | undefined,
  { workspace, signal, progress }: ToolContext,
): Promise<Split> {
  const { objects } = workspace;
  const duck = await openDuck(objects, signal, { keepNaN, memory: '8GB' });
  const tell = (done: number, total: number, message: string) => progress({ done, total, message });
  try {
    return await withholdRows(
      { ...read, files: undefined },
      asked,
      { objects, duck, signal, progress: tell, resolve: (file) => file },
      workspace,
    );
  } finally {
    duck.close();
  }
}

/** An id as SQL can write it: see `query/releases.ts`. */
const inSql = (id: string) => id.toLowerCase().replace(/[^a-z0-9]/g, '_');

/** `options.nan`: 'keep', or the columns in which NaN is a value; elsewhere it says "not measured". */
function keptNaN(given: unknown): KeptNaN | undefined {
  if (given === undefined) return undefined;
  if (given === 'keep') return 'all';
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return given;
  throw new BregmaError('bad-input', `options.nan is ${JSON.stringify(given)?.slice(0, 100)}.`, {
    next: 'It can be "keep", or a list of columns in which NaN is a value; by default it is NULL, "not measured".',
  });
}

/** Kinds that data lose when this workspace is known to have made them. */
const unmade = new Set<ValueKind>(['measured', 'derived', 'not stated']);
const notStated = `Nobody said how these responses came to be: no verdict takes them as measured. ${howToState}`;
const holdsResponses = ({ arrays }: ImportReply) => arrays.some(({ name }) => name === 'responses');

/** The kind that was wished for, or the one that the bytes keep because this workspace made them, with a warning that says so. */
async function knownKind(
  wished: ValueKind,
  parts: ImportReply,
  files: DatasetRelease['files'],
  options: Record<string, unknown>,
  context: ToolContext,
): Promise<{ kind: ValueKind; warnings: string[] }> {
  const shown = ['stimuli', 'neurons'];
  // Images and names are what was shown and who was asked: a generator may have used the same ones.
  const withoutValues = ['stimuli', 'neurons', 'order'].flatMap((name) =>
    typeof options[name] === 'string' ? [path.resolve(context.workspace.folder, String(options[name]))] : [],
  );
  const holdsValues = ({ name }: { name: string }) =>
    parts.shape !== 'stimulus-response' || !withoutValues.includes(path.resolve(context.workspace.folder, name));
  const kept = await keptKind(
    {
      files: files.filter(holdsValues).map(({ sha256 }) => sha256),
      tables: parts.tables.filter(({ name }) => !shown.includes(name)),
      arrays: parts.arrays.filter(({ name }) => !shown.includes(name)),
    },
    context.workspace,
  );
  if (!kept || !unmade.has(wished))
    return { kind: wished, warnings: wished === 'not stated' && holdsResponses(parts) ? [notStated] : [] };
  const { kind, activity, rows } = kept;
  const part = rows ? `${rows.found} of its ${rows.of} rows` : 'its values';
  return { kind, warnings: [`Added as ${kind}, not ${wished}: ${activity} of this workspace made ${part}.`] };
}

/** Tables named neurons(id) and edges(pre, post, weight) make a connectome. */
function shapeOf({ shape, tables }: ImportReply): DatasetRelease['shape'] {
  const columns = (name: string) =>
    tables.find((table) => table.name === name)?.columns.map((column) => column.name) ?? [];
  const connectome =
    columns('neurons').includes('id') && ['pre', 'post', 'weight'].every((name) => columns('edges').includes(name));
  return connectome ? 'connectome' : shape;
}
