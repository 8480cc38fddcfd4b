/**
 * What the running code stands on: "Node 22.23.2 on linux x64". Packages with native parts are at the versions that the code's own
 * version names.
 */
export const environment = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;

/** The processor of an environment: "x64". undefined: it names none. */
export const processorOf = (said: string | undefined): string | undefined => / on \S+ (\S+)$/.exec(said ?? '')?.[1];
