import type { Trace } from '@bregma/core/provenance/trace';
import type { ActivityCount, ActivityFilter, ActivityRow } from '@bregma/core/store/activity-page';
import * as vscode from 'vscode';
import {
  activityText,
  childrenOf,
  claimText,
  groupText,
  type Thing,
  type TreeText,
  thingText,
} from '../../provenance/tree-model.ts';
import type { StoreClient } from '../../store/client.ts';
import type { Claim } from '../../store/queries/claims.ts';
import { oneAtATime } from '../lab/live-panel.ts';

const pageSize = 100;
const claimsAtOnce = 200;
/** Nodes of one claim's lineage that the tree reads. */
const mostNodes = 5000;
/** A ledger that grows all the time is drawn anew at most this often, ms. */
const restMs = 1000;

type Item =
  | { type: 'claims' }
  | { type: 'activities' }
  | { type: 'claim'; claim: Claim }
  | { type: 'thing'; claim: string; thing: Thing }
  | { type: 'group'; by: 'day' | 'tool'; count: ActivityCount }
  | { type: 'activity'; row: ActivityRow; in: string }
  | { type: 'more'; key: string }
  | { type: 'note'; text: TreeText };

interface Pages {
  filter: ActivityFilter;
  /** Rows that were shown before the ledger grew: so many are shown again. */
  want: number;
  rows: ActivityRow[];
  next: number | null;
}

/** Claims down to raw files, and every activity by day or tool. Nothing is read before it is opened. */
export class ProvenanceTree implements vscode.TreeDataProvider<Item> {
  private readonly changed = new vscode.EventEmitter<Item | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly store: StoreClient;
  private readonly traces = new Map<string, Promise<Trace>>();
  private readonly pages = new Map<string, Pages>();
  private by: 'day' | 'tool' = 'day';
  private readonly grown: { dispose(): void };
  private readonly refresh: () => void;

  constructor(store: StoreClient) {
    this.store = store;
    this.refresh = oneAtATime(async () => {
      this.traces.clear();
      for (const [key, pages] of this.pages)
        this.pages.set(key, { ...pages, want: Math.max(pages.want, pages.rows.length), rows: [], next: null });
      this.changed.fire(undefined);
      await new Promise((resolve) => setTimeout(resolve, restMs));
    });
    this.grown = store.onGrown(this.refresh);
  }

  groupBy(by: 'day' | 'tool'): void {
    this.by = by;
    this.pages.clear();
    this.changed.fire(undefined);
  }

  /** Shows the next page of a group. */
  async more(key: string): Promise<void> {
    const pages = this.pages.get(key);
    if (!pages?.next) return;
    const page = await this.store.ask.activities(pages.filter, pageSize, pages.next);
    this.pages.set(key, { ...pages, rows: [...pages.rows, ...page.rows], next: page.next });
    this.changed.fire(undefined);
  }

  dispose(): void {
    this.grown.dispose();
    this.changed.dispose();
  }

  async getChildren(item?: Item): Promise<Item[]> {
    try {
      return await this.children(item);
    } catch (error) {
      const { message, next } = error as Error & { next?: string };
      const label = next ? `${message} ${next}` : message;
      return [{ type: 'note', text: { label, icon: 'warning', tooltip: label } }];
    }
  }

  private async children(item: Item | undefined): Promise<Item[]> {
    const { ask } = this.store;
    switch (item?.type) {
      case undefined: {
        const trouble = this.store.trouble();
        if (trouble) {
          // The words before the place: a line of the sidebar is short.
          const label = trouble.message.replace(/^\S*ledger\.sqlite/, 'The ledger');
          const text = {
            label,
            description: trouble.next,
            icon: 'warning',
            tooltip: `${trouble.message}\n${trouble.next ?? ''}`,
          };
          return [{ type: 'note', text }];
        }
        return this.store.seq() === 0 ? [] : [{ type: 'claims' }, { type: 'activities' }];
      }
      case 'claims': {
        const { claims, more } = await ask.claims(claimsAtOnce);
        const none = { label: 'No hypotheses yet', icon: 'info' };
        const others = { label: `The newest ${claimsAtOnce} are shown`, icon: 'info' };
        return [
          ...claims.map((claim): Item => ({ type: 'claim', claim })),
          ...(claims.length === 0 ? [{ type: 'note', text: none } satisfies Item] : []),
          ...(more ? [{ type: 'note', text: others } satisfies Item] : []),
        ];
      }
      case 'claim':
        return this.things(item.claim.id, item.claim.id, []);
      case 'thing':
        return this.things(item.claim, item.thing.node.id, item.thing.above);
      case 'activities': {
        const counts = await ask.counts();
        return counts[this.by].map((count): Item => ({ type: 'group', by: this.by, count }));
      }
      case 'group':
        return this.rows(item);
      default:
        return [];
    }
  }

  private async things(claim: string, id: string, above: string[]): Promise<Item[]> {
    let trace = this.traces.get(claim);
    if (!trace) {
      trace = this.store.ask.trace(claim, mostNodes);
      this.traces.set(claim, trace);
    }
    return childrenOf(await trace, id, above).map((thing): Item => ({ type: 'thing', claim, thing }));
  }

  private async rows({ by, count }: { by: 'day' | 'tool'; count: ActivityCount }): Promise<Item[]> {
    const key = `${by} ${count.name}`;
    let pages = this.pages.get(key);
    if (!pages || pages.rows.length === 0) {
      const filter = { [by]: count.name };
      const want = Math.max(pageSize, pages?.want ?? 0);
      pages = { filter, want, ...(await this.store.ask.activities(filter, want)) };
      this.pages.set(key, pages);
    }
    const rows = pages.rows.map((row): Item => ({ type: 'activity', row, in: key }));
    return pages.next === null ? rows : [...rows, { type: 'more', key }];
  }

  getTreeItem(item: Item): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    switch (item.type) {
      case 'claims':
        return { ...treeItem({ label: 'Claims', icon: 'lightbulb' }, Expanded), id: 'claims' };
      case 'activities':
        return {
          ...treeItem({ label: 'Activities', icon: 'history', description: `by ${this.by}` }, Collapsed),
          id: 'activities',
          contextValue: 'activities',
        };
      case 'claim':
        return { ...treeItem(claimText(item.claim), Collapsed), id: `claim ${item.claim.id}`, contextValue: 'record' };
      case 'thing': {
        const { node, above } = item.thing;
        const id = `${item.claim} ${[...above, node.id].join(' ')}`;
        const leaf = node.kind === 'file';
        return { ...treeItem(thingText(item.thing), leaf ? None : Collapsed, node.id), id, contextValue: 'record' };
      }
      case 'group':
        return { ...treeItem(groupText(item.count, item.by), Collapsed), id: `${item.by} ${item.count.name}` };
      case 'activity':
        return {
          ...treeItem(activityText(item.row), None, item.row.id),
          id: `${item.in} ${item.row.id}`,
          contextValue: 'record',
        };
      case 'more': {
        const command = { command: 'bregma.loadMoreActivities', title: 'Load more', arguments: [item.key] };
        return { ...treeItem({ label: 'Load more…', icon: 'ellipsis' }, None), id: `more ${item.key}`, command };
      }
      case 'note':
        return treeItem(item.text, None);
    }
  }
}

/** The id that a menu of the tree hands to a command, or undefined. */
export function idOfItem(item: unknown): string | undefined {
  const { type, claim, thing, row } = (item ?? {}) as {
    type?: string;
    claim?: Claim;
    thing?: Thing;
    row?: ActivityRow;
  };
  if (type === 'claim') return claim?.id;
  return type === 'thing' ? thing?.node.id : type === 'activity' ? row?.id : undefined;
}

function treeItem(
  { label, description, icon, colour, tooltip }: TreeText,
  state: vscode.TreeItemCollapsibleState,
  opens?: string,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon, colour ? new vscode.ThemeColor(colour) : undefined);
  item.tooltip = tooltip ?? label;
  // Without it a screen reader is given the tooltip instead of the line.
  item.accessibilityInformation = { label: description ? `${label}, ${description}` : label };
  if (opens) item.command = { command: 'bregma.showRecord', title: 'Show Record', arguments: [opens] };
  return item;
}
