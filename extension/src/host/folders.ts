import { memberOf } from '@bregma/core/members';
import * as vscode from 'vscode';
import { Servers } from '../servers.ts';
import { openStore, type StoreClient } from '../store/client.ts';
import { ShownStore } from '../store/shown-store.ts';
import type { App } from './app.ts';
import { serverPlaces } from './server-places.ts';

/** The folder that was shown last in this workspace. */
const place = 'bregma.shownFolder';

/** What the whole window has once. */
type Shared = Pick<App, 'context' | 'log' | 'show' | 'lookedAt'>;

/** The file that a menu of VS Code hands over: itself, that of its row, of a cell, or of the notebook of a toolbar. */
function fileOf(given: unknown): vscode.Uri | undefined {
  const members = [
    given,
    memberOf(given, 'resourceUri'),
    memberOf(memberOf(given, 'notebook'), 'uri'),
    memberOf(memberOf(given, 'notebookEditor'), 'notebookUri'),
  ];
  return members.find((one) => one instanceof vscode.Uri);
}

/**
 * The folders of this window. Each has records, a reader of its store and servers of its own, opened when they are first asked for.
 * One of them is shown in the side bar: the one that a person chose, or whose notebook came to the front last.
 */
export class Folders {
  private readonly shared: Shared;
  private readonly opened = new Map<string, App>();
  private readonly switched = new vscode.EventEmitter<vscode.Uri>();
  private readonly store: ShownStore | undefined;
  private shown: vscode.Uri | undefined;

  /** What features work with: of the folder that is shown, whichever that is. */
  readonly window: App;

  constructor(shared: Shared) {
    this.shared = shared;
    const [first] = this.all();
    const last = shared.context.workspaceState.get<string>(place);
    this.shown = this.all().find((uri) => uri.toString() === last) ?? first;
    const { store } = this.current();
    this.store = store && new ShownStore(store);
    this.window = this.windowApp();
    shared.context.subscriptions.push(this.switched, {
      dispose: () => {
        this.store?.dispose();
        for (const app of this.opened.values()) this.close(app);
      },
    });
  }

  /** The folders on this machine, in the order of the workspace. */
  all = (): vscode.Uri[] =>
    (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? [uri] : []));

  /** Works on the folder that is shown now, also when another is shown later. */
  current(): App {
    return this.open(this.shown);
  }

  /** Works on the folder in which this file lies; on the one that is shown when it lies in none. */
  at = (uri: vscode.Uri): App => {
    const own = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    return own?.scheme === 'file' ? this.open(own) : this.current();
  };

  /** Works on the folder of what a command was given: a file, a cell, a row of the side bar; without any of the notebook in front. */
  of([given]: unknown[]): App {
    const file = given === undefined ? vscode.window.activeNotebookEditor?.notebook.uri : fileOf(given);
    return file ? this.at(file) : this.current();
  }

  /** Shows the records of another folder in the side bar. */
  async choose(folder: vscode.Uri): Promise<void> {
    if (folder.toString() === this.shown?.toString()) return;
    this.shown = folder;
    const { store } = this.open(folder);
    if (store) this.store?.show(store);
    this.switched.fire(folder);
    await this.shared.context.workspaceState.update(place, folder.toString());
  }

  /** Closes what belongs to folders that have left the workspace. */
  async leave(folders: readonly vscode.Uri[]): Promise<void> {
    const [first] = this.all();
    if (first && folders.some((uri) => uri.toString() === this.shown?.toString())) await this.choose(first);
    for (const uri of folders) {
      const app = this.opened.get(uri.toString());
      if (app) this.close(app);
      this.opened.delete(uri.toString());
    }
  }

  private open(folder: vscode.Uri | undefined): App {
    const key = folder?.toString() ?? '';
    const known = this.opened.get(key);
    if (known) return known;
    const { context } = this.shared;
    const places = serverPlaces(context, folder);
    const program = vscode.Uri.joinPath(context.extensionUri, 'store-worker.js').fsPath;
    const store: StoreClient | undefined =
      folder &&
      openStore(folder.fsPath, program, {
        client: `${vscode.env.appName} ${vscode.version}`,
        mayRecord: () => vscode.workspace.isTrusted,
      });
    const app: App = { ...this.shared, folder, store, servers: new Servers(places), places, ...this.common() };
    this.opened.set(key, app);
    return app;
  }

  private close({ servers, store }: App): void {
    servers.dispose();
    store?.dispose();
  }

  private common = () => ({
    folders: this.all,
    at: this.at,
    choose: (folder: vscode.Uri) => this.choose(folder),
    onShown: this.switched.event,
    restart: () => Promise.all([...this.opened.values()].map(({ servers }) => servers.restart())),
  });

  private windowApp(): App {
    const current = () => this.current();
    return {
      ...this.shared,
      ...this.common(),
      store: this.store,
      get folder() {
        return current().folder;
      },
      get servers() {
        return current().servers;
      },
      places: () => current().places(),
    };
  }
}
