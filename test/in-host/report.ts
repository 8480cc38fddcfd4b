/** The windows in which suites run: each has a folder of suites, `test/in-host/NAME/*.suite.ts`. */
export const windows = ['records', 'several', 'untrusted', 'empty'] as const;
export type WindowName = (typeof windows)[number];

/** What one mocha test came to. */
export interface Result {
  suite: string;
  test: string;
  /** Undefined: it passed. */
  failed?: { message: string; stack: string };
}

/** What `run` writes: nothing else comes out of the extension host but an exit code. */
export interface Report {
  results: Result[];
  /** Processes that the extension host had started and that ran when its suites ended. */
  children: { pid: number; command: string }[];
}
