import { kindSigns } from '@bregma/core/contracts/kind-signs';
import { plain } from '@bregma/core/contracts/plain-text';
import type { ActivityCount, ActivityRow } from '@bregma/core/ledger/activity-page';
import type { LineageNode } from '@bregma/core/provenance/lineage';
import type { Trace } from '@bregma/core/provenance/trace';
import type { Claim } from '../store/queries/claims.ts';

/** What the tree shows of one thing. Texts are plain: no control or direction characters, and short. */
export interface TreeText {
  label: string;
  description?: string;
  /** A codicon and a colour of the theme. */
  icon: string;
  colour?: string;
  tooltip?: string;
}

/** A thing of a lineage below the claim that it was reached from. */
export interface Thing {
  node: LineageNode;
  /** How it stands to the thing above it: evidence, used, made… */
  as: string;
  /** Ids of the things above it. */
  above: string[];
}

const icons: Record<string, [icon: string, order: number]> = {
  test: ['law', 0],
  experiment: ['beaker', 1],
  approval: ['verified', 2],
  plan: ['checklist', 3],
  twin: ['mirror', 4],
  hypothesis: ['lightbulb', 5],
  dataset: ['database', 6],
  file: ['file', 7],
  activity: ['play', 8],
  object: ['package', 9],
  score: ['star', 10],
  validity: ['graph', 11],
  stop: ['stop-circle', 12],
};

/** Signs of kinds; a record that was written by something else may name any kind. */
const signs: Record<string, string> = kindSigns;

const kindText = (kind: string | null | undefined) => (kind ? `${signs[kind] ?? ''} ${plain(kind, 20)}`.trim() : '');

/**
 * What a thing of a trace rests on, in the order claim → verdict → experiment → approval → plan → twin → data → file. A claim
 * shows its verdicts first. What stands above already is left out, so that no branch is endless.
 */
export function childrenOf({ nodes, edges }: Trace, id: string, above: string[]): Thing[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const here = byId.get(id);
  const path = [...above, id];
  const found = new Map<string, Thing>();
  const add = (other: string, as: string) => {
    const node = byId.get(other);
    if (node && !path.includes(other) && !found.has(other)) found.set(other, { node, as, above: path });
  };
  for (const { from, to, as } of edges) {
    if (here?.kind === 'hypothesis' && from === id && byId.get(to)?.kind === 'test') add(to, 'tested by');
    if (to === id) add(from, as);
  }
  const order = ({ node }: Thing) => icons[node.kind]?.[1] ?? 99;
  return [...found.values()].sort((a, b) => order(a) - order(b) || (a.node.label < b.node.label ? -1 : 1));
}

/** The line of a hypothesis: its claim, then its last verdict (post hoc where there is no other) or its state. */
export function claimText({ claim, state, verdicts, id }: Claim): TreeText {
  const both = verdicts.includes('supported') && verdicts.includes('refuted');
  const last = both ? 'contradictory' : (verdicts.findLast((verdict) => verdict !== 'post hoc') ?? verdicts.at(-1));
  return {
    label: plain(claim || id, 200),
    description: last
      ? `${plain(last, 40)}${verdicts.length > 1 ? `, ${verdicts.length} tests` : ''}`
      : plain(state, 40),
    icon: last === 'supported' ? 'pass' : last === 'refuted' ? 'error' : last ? 'question' : 'lightbulb',
    colour: last === 'supported' ? 'testing.iconPassed' : last === 'refuted' ? 'testing.iconFailed' : undefined,
    tooltip: `${plain(claim, 600)}\n${id}`,
  };
}

/** The line of what a result rests on. */
export function thingText({ node, as }: Thing): TreeText {
  const { kind, label, status, valueKind, demo, id } = node;
  const bad = demo || /^(failed|cancelled|refuted)/.test(status ?? '');
  const name = kind === 'test' && status ? status : label || id;
  const facts = [
    as,
    kind === 'test' ? label : status && status !== 'ok' && status !== valueKind ? status : '',
    demo ? 'demonstration key' : '',
  ];
  return {
    label: plain(name, 160),
    description: [kindText(valueKind), ...facts.filter(Boolean).map((fact) => plain(fact, 120))]
      .filter(Boolean)
      .join(' · '),
    icon: icons[kind]?.[0] ?? 'circle-outline',
    colour: bad ? 'list.warningForeground' : undefined,
    tooltip: `${kind}: ${plain(label, 600)}\n${plain(id, 100)}`,
  };
}

/** The line of a call: its tool, then kind of value, fate, time and client. */
export function activityText({ tool, status, valueKind, client, at, error, id, ms }: ActivityRow): TreeText {
  const ok = status === 'ok';
  const when = new Date(at);
  const time = Number.isNaN(when.getTime()) ? '' : when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const facts = [
    kindText(valueKind),
    ok ? '' : plain(status || 'no status', 20),
    time,
    client ? plain(client, 40) : '',
  ];
  return {
    label: plain(tool || 'unnamed', 100),
    description: facts.filter(Boolean).join(' · '),
    icon: ok ? 'play' : status === 'cancelled' ? 'circle-slash' : status === 'damaged' ? 'warning' : 'error',
    colour: ok ? undefined : 'testing.iconFailed',
    tooltip: [id, plain(at, 40), ms === null ? '' : `${ms} ms`, error ? plain(error, 300) : '']
      .filter(Boolean)
      .join('\n'),
  };
}

/** The line of the calls of a day or of a tool. */
export function groupText({ name, count, failed }: ActivityCount, by: 'day' | 'tool'): TreeText {
  return {
    label: plain(name || (by === 'day' ? 'no date' : 'unnamed'), 100),
    description: `${count}${failed > 0 ? `, ${failed} not ok` : ''}`,
    icon: by === 'day' ? 'calendar' : 'tools',
  };
}
