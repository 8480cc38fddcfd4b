import { kindSigns } from '@bregma/core/contracts/kind-signs';
import { plain } from '@bregma/core/contracts/plain-text';
import type { Unreadable } from '@bregma/core/ledger/unreadable';
import { grouped } from '@bregma/core/numbers';
import * as vscode from 'vscode';
import type { DataSummary, TwinSummary } from '../../catalogue/summaries.ts';
import {
  cellText,
  dataDescription,
  twinCellText,
  twinDescription,
  unreadableText,
  validityText,
} from '../../catalogue/words.ts';

/** Fenced cells, on their way from a tree to a notebook. */
export const cellMimeType = 'application/vnd.bregma.cell';

/** Files on their way from the Explorer or another program. */
export const fileListType = 'text/uri-list';

/** The files of this machine in such a list. */
export const filesIn = (list: string | undefined): vscode.Uri[] =>
  (list ?? '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line))
    .filter(({ scheme }) => scheme === 'file' || scheme === 'vscode-remote')
    .map((uri) => (uri.scheme === 'file' ? uri : vscode.Uri.file(uri.path)));

/** A row of the trees: a data set, one of its tables or arrays, a twin, or a record of one that cannot be read. */
export type Row =
  | { row: 'data'; data: DataSummary }
  | { row: 'table'; data: DataSummary; table: DataSummary['tables'][number] }
  | { row: 'array'; data: DataSummary; array: DataSummary['arrays'][number] }
  | { row: 'twin'; twin: TwinSummary }
  | { row: 'unreadable'; what: 'data set' | 'twin'; record: Unreadable };

/** A tree over rows that it reads when it is drawn: what came while it was not seen, or while it was first drawn, is in it. */
export class CatalogueTree implements vscode.TreeDataProvider<Row>, vscode.TreeDragAndDropController<Row> {
  readonly dropMimeTypes: string[];
  readonly dragMimeTypes = ['text/plain', cellMimeType];
  private readonly read: () => Promise<Row[]>;
  /** What it was drawn from last. */
  private drawn = '';
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  /** read: all rows, or none where they cannot be read; takesFiles: a file that is dropped on the tree is added. */
  constructor(read: () => Promise<Row[]>, { takesFiles }: { takesFiles: boolean }) {
    this.read = read;
    this.dropMimeTypes = takesFiles ? [fileListType] : [];
  }

  /** Files come as a list of addresses, one a line. */
  async handleDrop(_target: Row | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const files = filesIn(await transfer.get(fileListType)?.asString());
    if (files.length > 0) await vscode.commands.executeCommand('bregma.addData', files[0], files);
  }

  /** Has the tree drawn again where its rows are others now. Resolves with whether they were. */
  async refresh(): Promise<boolean> {
    if (JSON.stringify(await this.read()) === this.drawn) return false;
    this.changed.fire();
    return true;
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (!parent) {
      const rows = await this.read();
      this.drawn = JSON.stringify(rows);
      return rows;
    }
    if (parent.row !== 'data') return [];
    const { data } = parent;
    return [
      ...data.tables.map((table): Row => ({ row: 'table', data, table })),
      ...data.arrays.map((array): Row => ({ row: 'array', data, array })),
    ];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.row) {
      case 'data':
        return dataItem(row.data);
      case 'table':
        return partItem(row.table.name, `${grouped(row.table.rows)} × ${row.table.columns}`, 'table', row);
      case 'array':
        return partItem(
          row.array.name,
          `${row.array.axes}${row.array.unit ? `, ${row.array.unit}` : ''}`,
          'array',
          row,
        );
      case 'unreadable':
        return unreadableItem(row.record, row.what);
      default:
        return twinItem(row.twin);
    }
  }

  /** A row leaves the tree as the text of a notebook cell. */
  handleDrag(rows: readonly Row[], transfer: vscode.DataTransfer): void {
    const text = rows.flatMap((row) => textOf(row) ?? []).join('\n');
    if (!text) return;
    transfer.set('text/plain', new vscode.DataTransferItem(text));
    transfer.set(cellMimeType, new vscode.DataTransferItem(text));
  }
}

/** What a row becomes in a notebook; undefined where it cannot be read. */
export function textOf(row: Row): string | undefined {
  if (row.row === 'unreadable') return undefined;
  if (row.row === 'twin') return twinCellText(row.twin);
  return cellText(row.data, row.row === 'table' ? row.table.name : undefined);
}

function dataItem(data: DataSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(
    `${kindSigns[data.kind]} ${plain(data.name, 120)}`,
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = data.reference;
  item.description = dataDescription(data);
  item.tooltip = plain(
    [
      data.title,
      data.reference,
      `${data.kind} · ${data.shape} · exposure ${data.exposure}`,
      `Licence: ${data.licence}`,
    ].join('\n'),
  );
  item.iconPath = new vscode.ThemeIcon('database');
  item.contextValue = 'data';
  item.command = { command: 'bregma.showCard', title: 'Show Card', arguments: [data.reference] };
  item.accessibilityInformation = { label: `Data set ${plain(data.reference, 120)}, ${item.description}` };
  return item;
}

function partItem(name: string, description: string, kind: 'table' | 'array', row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(name, 120));
  item.description = plain(description, 120);
  item.iconPath = new vscode.ThemeIcon(kind === 'table' ? 'table' : 'symbol-array');
  item.contextValue = kind;
  if ('data' in row) item.command = { command: 'bregma.showCard', title: 'Show Card', arguments: [row.data.reference] };
  return item;
}

function twinItem(twin: TwinSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(twin.differs ?? twin.title, 120));
  item.id = twin.id;
  item.description = twinDescription(twin);
  item.tooltip = plain(
    [
      twin.name,
      twin.id,
      `Fitted on ${twin.data}: ${twin.fittedOn}`,
      validityText(twin.validity),
      `Exposure ${twin.exposure}`,
    ].join('\n'),
  );
  item.iconPath = new vscode.ThemeIcon('circuit-board');
  item.contextValue = 'twin';
  item.command = { command: 'bregma.showCard', title: 'Show Card', arguments: [twin.id] };
  item.accessibilityInformation = { label: `Twin ${item.label}, ${item.description}` };
  return item;
}

function unreadableItem(record: Unreadable, what: 'data set' | 'twin'): vscode.TreeItem {
  const { label, description, tooltip } = unreadableText(record, what);
  const item = new vscode.TreeItem(label);
  item.id = record.id;
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = 'unreadable';
  item.command = { command: 'bregma.showRecord', title: 'Show Record', arguments: [record.id] };
  item.accessibilityInformation = { label: tooltip };
  return item;
}
