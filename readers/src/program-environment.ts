/** All that a process which reads what strangers wrote knows of its surroundings: what Windows starts a process with, that the
 * editor's program is to be Node, and where DuckDB is. */
export function programEnvironment(): Record<string, string> {
  const names = ['SystemRoot', 'ELECTRON_RUN_AS_NODE', 'BREGMA_NATIVE_MODULES'];
  const known = Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return process.versions.electron ? { ...known, ELECTRON_RUN_AS_NODE: '1' } : known;
}
