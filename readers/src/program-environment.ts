/** All that a process which reads what strangers wrote knows of its surroundings: what Windows starts a process with, that the
 * editor's program is to be Node, and where DuckDB is. */
export function programEnvironment(): Record<string, string> {
  const names = ['SystemRoot', 'ELECTRON_RUN_AS_NODE', 'BREGMA_NATIVE_MODULES'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
