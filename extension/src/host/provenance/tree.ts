import { saidBy } from '@bregma/core/errors';
import type { ActivityCount, ActivityFilter, ActivityRow } from '@bregma/core/ledger/activity-page';
import type { Trace } from '@bregma/core/provenance/trace';
import * as vscode from 'vscode';
import { LiveChildren } from '../../provenance/live-children.ts';
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
import { oneAtATime } from '../one-at-a-time.ts';

const pageSize = 100;
const claimsAtOnce = 200;
/** Nodes of one claim's lineage that the tree reads. */
const mostNodes = 5000;

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
  /** The line of the tree that has the pages below it. */
  group: Item;
  filter: ActivityFilter;
  /** Rows to show: as many stay when the ledger has grown. */
  want: number;
}

const allClaims: Item = { type: 'claims' };
const allActivities: Item = { type: 'activities' };

/** Claims down to raw files, and every activity by day or tool. Nothing is read before it is opened. */
export class ProvenanceTree implements vscode.TreeDataProvider<Item> {
  private readonly changed = new vscode.EventEmitter<Item | Item[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly store: StoreClient;
  private readonly live: LiveChildren<Item>;
  private readonly traces = new Map<string, Promise<Trace>>();
  private readonly pages = new Map<string, Pages>();
  private by: 'day' | 'tool' = 'day';
  private readonly held: { dispose(): void }[];
  private readonly refresh: () => void;
  private folder: string;
  private view: vscode.TreeView<Item> | undefined;

  constructor(store: StoreClient) {
    this.store = store;
    this.live = new LiveChildren({ read: (item) => this.read(item), keyOf });
    this.refresh = oneAtATime(async () => {
      if (this.view && !this.view.visible) return false;
      this.traces.clear();
      const changed = await this.live.refresh();
      if (changed.includes(undefined)) this.changed.fire(undefined);
      // SAFETY: undefined was just found not to be among them.
      else if (changed.length > 0) this.changed.fire(changed as Item[]);
    });
    this.held = [store.onGrown(() => this.grown())];
    this.folder = store.folder;
  }

  /** Follows what is open in the view, and does nothing while it is hidden. */
  follow(view: vscode.TreeView<Item>): void {
    this.view = view;
    this.held.push(
      view.onDidCollapseElement(({ element }) => this.live.mark(element, true)),
      view.onDidExpandElement(({ element }) => this.live.mark(element, false)),
      view.onDidChangeVisibility(this.refresh),
    );
  }

  private grown(): void {
    if (this.folder === this.store.folder) {
      this.refresh();
      return;
    }
    this.folder = this.store.folder;
    this.pages.clear();
    this.traces.clear();
    this.live.forget(undefined);
    this.changed.fire(undefined);
  }

  groupBy(by: 'day' | 'tool'): void {
    this.by = by;
    this.pages.clear();
    this.redraw(allActivities);
  }

  /** Shows the next page of a group. */
  more(key: string): void {
    const pages = this.pages.get(key);
    if (!pages) return;
    pages.want += pageSize;
    this.redraw(pages.group);
  }

  private redraw(item: Item): void {
    this.live.forget(item);
    this.changed.fire(item);
  }

  dispose(): void {
    for (const one of this.held) one.dispose();
    this.changed.dispose();
  }

  getChildren(item?: Item): Promise<Item[]> {
    return this.live.of(item);
  }

  private async read(item: Item | undefined): Promise<Item[]> {
    try {
      return await this.children(item);
    } catch (error) {
      const { message, next } = saidBy(error);
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
        return this.store.seq() === 0 ? [] : [allClaims, allActivities];
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

  private async rows(group: Item & { type: 'group' }): Promise<Item[]> {
    const key = keyOf(group);
    let pages = this.pages.get(key);
    if (!pages) {
      pages = { group, filter: { [group.by]: group.count.name }, want: pageSize };
      this.pages.set(key, pages);
    }
    const { rows, next } = await this.store.ask.activities(pages.filter, pages.want);
    const lines = rows.map((row): Item => ({ type: 'activity', row, in: key }));
    return next === null ? lines : [...lines, { type: 'more', key }];
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return { ...this.line(item), id: keyOf(item) };
  }

  private line(item: Item): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const contextValue = 'record';
    switch (item.type) {
      case 'claims':
        return treeItem({ label: 'Claims', icon: 'lightbulb' }, Expanded);
      case 'activities': {
        const text = { label: 'Activities', icon: 'history', description: `by ${this.by}` };
        return { ...treeItem(text, Collapsed), contextValue: 'activities' };
      }
      case 'claim':
        return { ...treeItem(claimText(item.claim), Collapsed), contextValue };
      case 'thing': {
        const { node } = item.thing;
        return { ...treeItem(thingText(item.thing), node.kind === 'file' ? None : Collapsed, node.id), contextValue };
      }
      case 'group':
        return treeItem(groupText(item.count, item.by), Collapsed);
      case 'activity':
        return { ...treeItem(activityText(item.row), None, item.row.id), contextValue };
      case 'more': {
        const command = { command: 'bregma.loadMoreActivities', title: 'Load more', arguments: [item.key] };
        return { ...treeItem({ label: 'Load more…', icon: 'ellipsis' }, None), command };
      }
      case 'note':
        return treeItem(item.text, None);
    }
  }
}

/** What makes an item the same line of the tree after the ledger has grown. */
function keyOf(item: Item): string {
  switch (item.type) {
    case 'claim':
      return `claim ${item.claim.id}`;
    case 'thing':
      return `${item.claim} ${[...item.thing.above, item.thing.node.id].join(' ')}`;
    case 'group':
      return `${item.by} ${item.count.name}`;
    case 'activity':
      return `${item.in} ${item.row.id}`;
    case 'more':
      return `more ${item.key}`;
    case 'note':
      return `note ${item.text.label}`;
    default:
      return item.type;
  }
}

/** The id that a menu of the tree hands to a command, or undefined. */
export function idOfItem(item: unknown): string | undefined {
  // SAFETY: rows of this tree are Items; anything else has none of these words as `type`.
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
