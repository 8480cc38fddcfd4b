import * as vscode from 'vscode';
import type { LabView, LabWatch } from './lab-watch.ts';

/** Rows under one heading; a heading without rows is left out. */
export interface Group<Row> {
  title: string;
  icon: string;
  tooltip?: string;
  /** Folded at first. */
  folded?: boolean;
  contextValue?: string;
  rows: Row[];
}

interface Shape<Row> {
  groups(now: LabView): Group<Row>[];
  item(row: Row): vscode.TreeItem;
}

/** A tree of two levels over what the lab watch saw last. */
export class GroupedTree<Row extends object> implements vscode.TreeDataProvider<Group<Row> | Row> {
  readonly onDidChangeTreeData: vscode.Event<undefined>;
  private readonly watch: LabWatch;
  private readonly shape: Shape<Row>;

  constructor(watch: LabWatch, shape: Shape<Row>) {
    this.watch = watch;
    this.shape = shape;
    this.onDidChangeTreeData = (listener) =>
      vscode.Disposable.from(
        watch.onChanged(() => listener(undefined)),
        watch.onGone(() => listener(undefined)),
      );
  }

  getChildren(node?: Group<Row> | Row): (Group<Row> | Row)[] {
    if (node) return isGroup(node) ? node.rows : [];
    const { now } = this.watch;
    return now ? this.shape.groups(now).filter(({ rows }) => rows.length > 0) : [];
  }

  getTreeItem(node: Group<Row> | Row): vscode.TreeItem {
    return isGroup(node) ? groupItem(node) : this.shape.item(node);
  }
}

const isGroup = <Row extends object>(node: Group<Row> | Row): node is Group<Row> => 'rows' in node;

function groupItem({ title, icon, tooltip, folded, contextValue, rows }: Group<unknown>): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(title, folded ? Collapsed : Expanded);
  item.id = title;
  item.description = String(rows.length);
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = contextValue;
  return item;
}
