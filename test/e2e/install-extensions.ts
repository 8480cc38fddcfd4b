import { builtExtension, chatExtension, installedExtensions } from './installed-extensions.ts';

/** Before any suite, so that two that begin together do not install into one folder. */
export default function setup(): void {
  installedExtensions([builtExtension]);
  installedExtensions([builtExtension, chatExtension]);
}
