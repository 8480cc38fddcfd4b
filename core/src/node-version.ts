/** First Node with `node:sqlite` and no flag. */
const oldestNode = [22, 13] as const;

/** One clear line when this Node is too old to run Bregma, else undefined. */
export function nodeTooOld(version = process.versions.node): string | undefined {
  const [major, minor] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return undefined;
  return `Bregma needs Node ${oldestNode.join('.')} or newer; this is Node ${version}. Install Node 22 from https://nodejs.org and start it again.`;
}
