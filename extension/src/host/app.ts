import type * as vscode from 'vscode';
import type { ServerPlaces, Servers } from '../servers.ts';
import type { StoreClient } from '../store/client.ts';
import type { ShowView } from './web-panel.ts';

/** What every feature and command works with. One window has one. */
export interface App {
  context: vscode.ExtensionContext;
  /** The folder whose `.bregma` is shown: the first of the workspace. Undefined in an empty window. */
  folder: vscode.Uri | undefined;
  /** Undefined in an empty window. */
  store: StoreClient | undefined;
  servers: Servers;
  /** What a server needs to know now. Throws `not-allowed` where nothing may be started: see `server-places.ts`. */
  places(): ServerPlaces;
  log: vscode.LogOutputChannel;
  /** Opens a view of `webviews/` beside the editors, or brings it to the front. */
  show: ShowView;
}

/** A part of the extension that lives as long as the window. */
export interface Feature {
  name: string;
  activate(app: App): void;
}

/** A command of the palette; its title and place are in `extension/manifest/`. */
export interface Command {
  /** `bregma.showRecord` */
  id: string;
  run(app: App, ...args: unknown[]): unknown;
}
