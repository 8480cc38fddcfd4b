import type { Activity } from '../contracts/activity.ts';
import type { DatasetRelease } from '../contracts/dataset.ts';
import type { Approval, ExperimentEnd, ExperimentStart, PlanRecord } from '../contracts/experiment.ts';
import type { HypothesisRecord, TestResult, TestSpend } from '../contracts/hypothesis.ts';
import type { TwinCard } from '../contracts/twin.ts';
import type { ValueKind } from '../contracts/value-kind.ts';
import type { LedgerRecord } from '../ledger/ledger.ts';

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
  | 'stop';

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
}

/** Builds the graph of a ledger. records: all of them, oldest first. */
export function lineageOf(records: LedgerRecord[]): Lineage {
  const lineage: Lineage = { nodes: new Map(), edges: [], alias: new Map(), makers: new Map() };
  for (const record of records) readers[record.kind]?.(lineage, record);
  linkMakers(lineage, records);
  const known = new Set<string>();
  lineage.edges = lineage.edges.filter(({ from, to, as }) => {
    const key = `${from} ${to} ${as}`;
    return from !== to && !known.has(key) && known.add(key);
  });
  return lineage;
}

type Reader = (lineage: Lineage, record: LedgerRecord) => void;

// SAFETY (all casts below): bodies were parsed by their tool before they were appended; missing members only lose an edge.
const readers: Partial<Record<LedgerRecord['kind'], Reader>> = {
  activity(lineage, record) {
    const body = record.body as Activity;
    const valueKind = body.valueKind ?? (body.answer as { kind?: ValueKind } | undefined)?.kind;
    set(lineage, { id: record.id, kind: 'activity', label: body.tool, status: body.status, valueKind });
    for (const input of body.inputs) link(lineage, nodeFor(lineage, input), record.id, 'used');
    for (const release of body.releases) link(lineage, nodeFor(lineage, release), record.id, 'used');
    for (const output of body.outputs) {
      if (lineage.makers.has(output)) continue;
      lineage.makers.set(output, record.id);
      link(lineage, record.id, nodeFor(lineage, output), 'made');
    }
  },
  dataset(lineage, record) {
    const body = record.body as DatasetRelease;
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
    const body = record.body as TwinCard;
    set(lineage, { id: record.subject, kind: 'twin', label: body.title, status: body.kind });
    lineage.alias.set(record.id, record.subject);
    link(lineage, nodeFor(lineage, body.data), record.subject, 'fitted on');
    for (const file of body.files) link(lineage, record.subject, nodeFor(lineage, file.object), 'holds');
  },
  hypothesis(lineage, record) {
    const { content, state } = record.body as HypothesisRecord;
    set(lineage, { id: record.subject, kind: 'hypothesis', label: content.claim, status: state });
    lineage.alias.set(record.id, record.subject);
    if (content.supersedes) link(lineage, content.supersedes, record.subject, 'superseded by');
    for (const { between } of content.predictions)
      for (const twin of between) link(lineage, nodeFor(lineage, twin), record.subject, 'predicts for');
  },
  plan(lineage, record) {
    const { content } = record.body as PlanRecord;
    const label = `${content.design.trials} trials of ${content.design.stimuli.length} stimuli on ${content.driver}`;
    set(lineage, { id: record.subject, kind: 'plan', label });
    lineage.alias.set(record.id, record.subject);
    link(lineage, content.hypothesis, record.subject, 'planned for');
    link(lineage, nodeFor(lineage, content.subject.id), record.subject, 'subject');
    for (const { twin } of content.twins) link(lineage, nodeFor(lineage, twin), record.subject, 'compared');
    if (content.design.proposedBy) link(lineage, content.design.proposedBy, record.subject, 'proposed by');
  },
  approval(lineage, record) {
    const { statement } = record.body as Approval;
    const label = `${statement?.meaning ?? 'unsigned'} by ${statement?.by ?? 'nobody'}`;
    set(lineage, { id: record.id, kind: 'approval', label, demo: statement?.demo || undefined });
    link(lineage, record.subject, record.id, 'signed over');
  },
  experiment(lineage, record) {
    const body = record.body as ExperimentStart | ExperimentEnd;
    if (body.phase === 'started') {
      const label = `${body.driver} on ${body.subject}`;
      set(lineage, { id: record.id, kind: 'experiment', label, status: 'started', demo: body.demo || undefined });
      link(lineage, body.plan, record.id, 'ran');
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
    const body = record.body as TestSpend | TestResult;
    if (body.phase === 'spent') {
      const label = `${body.prediction} of ${body.hypothesis}, level ${body.budget.level.toPrecision(3)}`;
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
  stop(lineage, record) {
    set(lineage, { id: record.id, kind: 'stop', label: 'stop asked' });
    link(lineage, record.id, record.subject, 'stopped');
  },
};

/** The text in which a thing must be named for the activity to have made it; undefined when it can have made nothing. */
function namedBy({ effect, status, answer, outputs }: Activity): string | undefined {
  return effect === 'read' || status !== 'ok' ? undefined : JSON.stringify([answer, outputs]);
}

/** Whether the activity may have made the thing of this name: its answer names it. */
export function names(activity: Activity, name: string): boolean {
  return namedBy(activity)?.includes(name) ?? false;
}

/** Names of what one record says that it, or something that it describes, came from. */
export function sourcesOf(record: LedgerRecord): string[] {
  const alone: Lineage = { nodes: new Map(), edges: [], alias: new Map(), makers: new Map() };
  readers[record.kind]?.(alone, record);
  return [...new Set([...alone.edges.map(({ from }) => from), ...alone.alias.values()])];
}

/** A thing that has no activity among its edges was made by the first later activity whose answer names it. */
function linkMakers(lineage: Lineage, records: LedgerRecord[]): void {
  const waiting = new Map<string, string>();
  for (const record of records) {
    if (['dataset', 'twin', 'plan', 'hypothesis'].includes(record.kind)) {
      if (!waiting.has(record.subject)) waiting.set(record.subject, record.subject);
    } else if (record.kind === 'test' && (record.body as TestSpend).phase === 'spent') {
      waiting.set(record.id, record.id);
    } else if (record.kind === 'activity' && waiting.size > 0) {
      const named = namedBy(record.body as Activity);
      for (const [name, node] of waiting) {
        if (!named?.includes(name)) continue;
        lineage.edges = lineage.edges.filter(({ from, to }) => !(from === node && to === record.id));
        link(lineage, record.id, node, 'made');
        waiting.delete(name);
      }
    }
  }
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
  if (!lineage.nodes.has(id) && /^[0-9a-f]{64}$/.test(id))
    lineage.nodes.set(id, { id, kind: 'object', label: `object ${id.slice(0, 12)}` });
  return id;
}
