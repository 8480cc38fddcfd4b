/** Installs vsce and code-server below tools/editor. Throws when npm fails. */
export function installEditor(): void;
/** Path of a Chromium, or undefined. Under CI on Debian as root it is installed when it is missing. */
export function findChromium(): string | undefined;
/** The editor's program and a Node that runs it, or why there is none. */
export function editorPrograms(): { node: string; entry: string; missing?: undefined } | { missing: string };
