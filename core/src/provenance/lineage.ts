import type { Answer } from '../contracts/answer.ts';
import type { ValueKind } from '../contracts/value-kind.ts';
import { madeBy, namedThings, thingNamed } from '../ledger/makers.ts';
import type { LedgerRecord } from '../ledger/records.ts';
import { withDecimals, withDigits } from '../numbers.ts';

/** What a thing in a lineage is. */
export type NodeKind =
  | 'activity'
  | 'dataset'
  | 'file'
  | 'object'
  | 'twin'
  | 'hypothesis'
  | 'test'
  | 'plan'
  | 'approval'
  | 'experiment'
  | 'score'
  | 'validity'
  | 'stop';

/** One thing, or several alike that are drawn as one. */
export interface LineageNode {
  id: string;
  kind: NodeKind;
  label: string;
  status?: string;
  /** How the value came to be: of an activity's answer, a data set, an experiment's trials. */
  valueKind?: ValueKind;
  /** How many nodes of one kind this one stands for. */
  count?: number;
  demo?: boolean;
}

/** `from` was needed for `to`. */
export interface LineageEdge {
  from: string;
  to: string;
  as: string;
}

/** Everything that records say about what came from what. Ids: `act-…`, `tst-…`, `id@release`, `twin-…`, sha256 of objects and files. */
export interface Lineage {
  nodes: Map<string, LineageNode>;
  edges: LineageEdge[];
  /** Other names of a node: record ids of later records about it. */
  alias: Map<string, string>;
  /** Object → the activity that made it first. Making the same bytes again later makes nobody who used them depend on that. */
  makers: Map<string, string>;
  /** Things whose newest record no activity is known to have made so far. */
  unmade: Set<string>;
  /** Edges from activities to the things that they made. */
  made: LineageEdge[];
}

const empty = (): Lineage => ({
  nodes: new Map(),
  edges: [],
  alias: new Map(),
  makers: new Map(),
  unmade: new Set(),
  made: [],
});

/** Builds the graph of a ledger. records: all of them, oldest first. */
export function lineageOf(records: LedgerRecord[]): Lineage {
  const lineage = empty();
  for (const record of records) read(lineage, record);
  const known = new Set<string>();
  lineage.edges = [...lineage.edges, ...lineage.made].filter(({ from, to, as }) => {
    const key = `${from} ${to} ${as}`;
    return from !== to && !known.has(key) && known.add(key);
  });
  return lineage;
}

type Readers = { [Kind in LedgerRecord['kind']]?: (lineage: Lineage, record: LedgerRecord<Kind>) => void };

function read(lineage: Lineage, record: LedgerRecord): void {
  const { kind, body } = record;
  const first = (kind !== 'test' && kind !== 'experiment') || body.phase !== (kind === 'test' ? 'result' : 'ended');
  if (kind !== 'activity' && first)
    lineage.unmade.add(namedThings.some((named) => named === kind) ? record.subject : record.id);
  // SAFETY: each reader stands under the kind of the records that it takes.
  readers[record.kind]?.(lineage, record as never);
}

const readers: Readers = {
  activity(lineage, { id, body }) {
    // SAFETY: only the call path writes answers, each with the kind of its value; the form of records leaves them open.
    const valueKind = body.valueKind ?? (body.answer as Partial<Answer> | undefined)?.kind;
    set(lineage, { id, kind: 'activity', label: body.tool, status: body.status, valueKind });
    const names = madeBy(body).map((name) => nodeFor(lineage, thingNamed(name)));
    const things = new Set(names.filter((name) => lineage.unmade.has(name)));
    for (const name of [...body.inputs, ...body.releases]) {
      const thing = nodeFor(lineage, name);
      // A call may name what it made among what it read.
      if (!things.has(thing)) link(lineage, thing, id, 'used');
    }
    for (const object of names.filter((name) => isDigest(name) && !lineage.makers.has(name))) {
      lineage.makers.set(object, id);
      link(lineage, id, object, 'made');
    }
    for (const thing of things) {
      lineage.unmade.delete(thing);
      lineage.made.push({ from: id, to: thing, as: 'made' });
    }
  },
  dataset(lineage, record) {
    const { body } = record;
    set(lineage, {
      id: record.subject,
      kind: 'dataset',
      label: body.card.title,
      status: body.card.kind,
      valueKind: body.card.kind,
    });
    lineage.alias.set(record.id, record.subject);
    for (const file of body.files) {
      set(lineage, { id: file.sha256, kind: 'file', label: `${file.name} from ${file.origin}` });
      link(lineage, file.sha256, record.subject, 'read from');
    }
    for (const { name, object } of [...body.tables, ...body.arrays]) {
      set(lineage, { id: object, kind: 'object', label: name });
      link(lineage, record.subject, object, 'holds');
    }
  },
  twin(lineage, record) {
    const { body } = record;
    set(lineage, { id: record.subject, kind: 'twin', label: body.title, status: body.kind });
    lineage.alias.set(record.id, record.subject);
    link(lineage, nodeFor(lineage, body.data), record.subject, 'fitted on');
    for (const file of body.files) link(lineage, record.subject, nodeFor(lineage, file.object), 'holds');
  },
  hypothesis(lineage, record) {
    const { content, state } = record.body;
    set(lineage, { id: record.subject, kind: 'hypothesis', label: content.claim, status: state });
    lineage.alias.set(record.id, record.subject);
    if (content.supersedes) link(lineage, content.supersedes, record.subject, 'superseded by');
    for (const { between } of content.predictions)
      for (const twin of between) link(lineage, nodeFor(lineage, twin), record.subject, 'predicts for');
  },
  plan(lineage, record) {
    const { content } = record.body;
    const label = `${content.design.trials} trials of ${content.design.stimuli.length} stimuli on ${content.driver}`;
    set(lineage, { id: record.subject, kind: 'plan', label });
    lineage.alias.set(record.id, record.subject);
    link(lineage, content.hypothesis, record.subject, 'planned for');
    link(lineage, nodeFor(lineage, content.subject.id), record.subject, 'subject');
    for (const { twin } of content.twins) link(lineage, nodeFor(lineage, twin), record.subject, 'compared');
    if (content.design.proposedBy) link(lineage, content.design.proposedBy, record.subject, 'proposed by');
  },
  approval(lineage, record) {
    const { meaning, by, demo } = record.body.statement;
    set(lineage, { id: record.id, kind: 'approval', label: `${meaning} by ${by}`, demo: demo || undefined });
    link(lineage, record.subject, record.id, 'signed over');
  },
  experiment(lineage, record) {
    const { body } = record;
    if (body.phase === 'started') {
      const label = `${body.driver} on ${body.subject}`;
      set(lineage, { id: record.id, kind: 'experiment', label, status: 'started', demo: body.demo || undefined });
      link(lineage, body.plan, record.id, 'ran');
      if (body.receipt)
        set(lineage, { id: body.approval, kind: 'approval', label: `approve by ${body.approvedBy}, at the witness` });
      link(lineage, body.approval, record.id, 'permitted');
      return;
    }
    lineage.alias.set(record.id, body.experiment);
    const node = lineage.nodes.get(body.experiment);
    if (node) {
      node.status = `${body.state}, ${body.delivered} of ${body.asked} trials, ${body.kind}`;
      node.valueKind = body.kind;
    }
    for (const { object } of [body.table, body.responses])
      link(lineage, body.experiment, nodeFor(lineage, object), 'recorded');
  },
  test(lineage, record) {
    const { body } = record;
    if (body.phase === 'spent') {
      const paid = body.postHoc ? 'post hoc' : `level ${withDigits(body.budget.level, 3)}`;
      const label = `${body.prediction} of ${body.hypothesis}, ${paid}`;
      set(lineage, { id: record.id, kind: 'test', label, status: 'spent, no result' });
      link(lineage, body.hypothesis, record.id, 'tested');
      link(lineage, body.experiment, record.id, 'evidence');
      for (const { object } of body.predicted) link(lineage, nodeFor(lineage, object), record.id, 'prediction');
      return;
    }
    lineage.alias.set(record.id, body.test);
    const node = lineage.nodes.get(body.test);
    if (node) Object.assign(node, { status: body.verdict, demo: body.demo || undefined });
  },
  score(lineage, record) {
    const { body } = record;
    if (body.phase !== 'received') return;
    const { attempt, receipt } = body;
    const { benchmark, score, alarm, improved, gap } = receipt.statement;
    const told = alarm ? `alarm: ${alarm}` : `${improved ? '' : 'no better than '}${score}`;
    set(lineage, {
      id: record.id,
      kind: 'score',
      label: `${attempt.tried ?? 'attempt'} on ${benchmark}`,
      status: `${told}${gap === null ? '' : `, open − sealed ${withDecimals(gap, 3)}`}, ${attempt.seconds} s`,
    });
    link(lineage, nodeFor(lineage, attempt.of), record.id, 'scored');
    if (attempt.after) link(lineage, attempt.after, record.id, 'tried before');
  },
  validity(lineage, record) {
    const { twin, kind, data, protocol, domains, perUnit } = record.body;
    const [{ pearson, domain }] = domains;
    set(lineage, {
      id: record.id,
      kind: 'validity',
      label: `validity of ${twin ?? kind} on ${data}, ${protocol}`,
      status: `${pearson === null ? 'not measured' : `r ${withDecimals(pearson, 3)}`}, ${domain}`,
    });
    if (twin) link(lineage, nodeFor(lineage, twin), record.id, 'judged');
    link(lineage, nodeFor(lineage, data), record.id, 'judged on');
    link(lineage, nodeFor(lineage, perUnit), record.id, 'scores');
  },
  stop(lineage, record) {
    set(lineage, { id: record.id, kind: 'stop', label: 'stop asked' });
    link(lineage, record.id, record.subject, 'stopped');
  },
};

/** Names of what one record says that it, or something that it describes, came from. */
export function sourcesOf(record: LedgerRecord): string[] {
  const alone = empty();
  read(alone, record);
  return [...new Set([...alone.edges.map(({ from }) => from), ...alone.alias.values()])];
}

function set(lineage: Lineage, node: LineageNode): void {
  const known = lineage.nodes.get(node.id);
  if (known?.kind === 'file' && node.kind === 'object') return; // a raw file that is kept as it came
  lineage.nodes.set(node.id, known && known.kind !== 'object' ? { ...known, ...node } : node);
}

function link(lineage: Lineage, from: string, to: string, as: string): void {
  lineage.edges.push({ from, to, as });
}

/** The node that a name in a record means; what no record describes is an object. */
function nodeFor(lineage: Lineage, name: string): string {
  const id = lineage.alias.get(name) ?? name;
  if (!lineage.nodes.has(id) && isDigest(id))
    lineage.nodes.set(id, { id, kind: 'object', label: `object ${id.slice(0, 12)}` });
  return id;
}

const isDigest = (name: string) => /^[0-9a-f]{64}$/.test(name);
