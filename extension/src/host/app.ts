import type * as vscode from 'vscode';
import type { ServerPlaces, Servers } from '../servers.ts';
import type { StoreClient } from '../store/client.ts';
import type { ShowView } from './web-panel.ts';

/** What features and commands work with. A command gets the one of its folder, a feature that of the folder that is shown. */
export interface App {
  context: vscode.ExtensionContext;
  /** The folder whose `.bregma` this is about. Undefined in an empty window. */
  folder: vscode.Uri | undefined;
  /** Undefined in an empty window. */
  store: StoreClient | undefined;
  servers: Servers;
  /** What a server needs to know now. Throws `not-allowed` where nothing may be started: see `server-places.ts`. */
  places(): ServerPlaces;
  log: vscode.LogOutputChannel;
  /** The folders of this window, in their order. */
  folders(): vscode.Uri[];
  /** Works on the folder in which this file lies: a notebook's calls, results and marks are those of its own folder. */
  at(file: vscode.Uri): App;
  /** Shows the records of another folder in the side bar. */
  choose(folder: vscode.Uri): Promise<void>;
  /** The side bar shows the records of another folder. */
  onShown: vscode.Event<vscode.Uri>;
  /** Ends the servers of all folders, so that the next call starts them with new settings. */
  restart(): Promise<unknown>;
  /** Id of what a person looks at: what the panel in front is about, else the activity behind the selected cell. */
  lookedAt(): string | undefined;
  /** Opens a view of `webviews/` beside the editors, or brings it to the front. */
  show: ShowView;
}

/** A part of the extension that lives as long as the window. */
export interface Feature {
  name: string;
  activate(app: App): void;
}

/** A command of the palette, `bregma.showRecord` in `show-record.ts`; its title and place are in `extension/manifest/`. */
export interface Command {
  run(app: App, ...args: unknown[]): unknown;
}

/** What a window knows of a command before it is used. */
export interface CommandEntry {
  /** `bregma.showRecord` */
  id: string;
  load(): Promise<Command>;
}
