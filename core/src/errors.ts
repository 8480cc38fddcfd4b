/** The few errors that cross a boundary. Each names the culprit and the next step; tools turn them into `isError` results. */
const errorCodes = [
  'bad-input',
  'unknown-name',
  'not-allowed',
  'missing',
  'corrupt',
  'conflict',
  'cancelled',
  'too-large',
  'needs-agreement',
  'failed',
] as const;
/** Of which kind an error is. */
export type ErrorCode = (typeof errorCodes)[number];

/** True for the code of an error that came from elsewhere as text. */
export const isErrorCode = (code: unknown): code is ErrorCode => errorCodes.some((one) => one === code);

/** What an error is about, by what it is: who catches it reads this, and no words. */
export interface ErrorFields {
  /** What sort of thing `id` names: neuron, table, column, argument, view. */
  what?: string;
  /** The thing that is not there, or is not as it must be, as it was named. */
  id?: string;
  /** Names that are there and look like `id`, best first. */
  nearest?: string[];
  /** Arguments of a call that are not known, or cannot be taken. */
  arguments?: string[];
  /** Name of a file of a person's, without its folder. */
  file?: string;
  /** A place of this machine; or where in a file. */
  path?: string;
  /** The convention that a file was taken to keep. */
  convention?: string;
  /** Release of a data set: "id@version". */
  release?: string;
  /** Why an outer action, a test or a question was refused. */
  refusal?: string;
  /** Rules that a plan does not keep, one sentence each. */
  refusals?: string[];
  /** An experiment that stands in the way. */
  experiment?: string;
  /** A test that stands in the way, and what it found. */
  test?: string;
  verdict?: string;
  /** Terms that a person must agree to. */
  terms?: string;
  licenceUrl?: string;
  /** Of a key that signs. */
  fingerprint?: string;
  /** The server that was asked. */
  server?: string;
  /** Of a call that failed: its record. */
  activity?: string;
  /** A file that another process is writing: the same may work in a moment. */
  held?: boolean;
  /** A workspace that the witness was asked about: the hash of its first record. */
  workspace?: string;
}

/** An error that a caller can act on: what is wrong, of which kind, and what to do next. */
export class BregmaError extends Error {
  readonly code: ErrorCode;
  readonly next?: string;
  readonly fields: ErrorFields;
  /** Releases of which the message may tell a value: the call counts as having read them. */
  readonly read: readonly string[];

  /** message: what is wrong, naming the culprit; next: what to do now. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { next?: string; fields?: ErrorFields; cause?: unknown; read?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BregmaError';
    this.code = code;
    this.next = options.next;
    this.fields = options.fields ?? {};
    this.read = options.read ?? [];
  }
}

/** An error as it goes to another thread or process, without its stack. */
export interface SaidError {
  code: ErrorCode;
  message: string;
  next?: string;
  fields?: ErrorFields;
  read?: readonly string[];
}

/** An error as it is said to another thread or process. */
export function sayError({ code, message, next, fields, read }: BregmaError): SaidError {
  return { code, message, next, fields, read };
}

/** The error that another thread or process said, with what it is about. */
export function errorSaid({ code, message, next, fields, read }: SaidError): BregmaError {
  return new BregmaError(code, message, { next, fields, read });
}

/** What an error says, and what to do now when it is one that knows. */
export function saidBy(error: unknown): { message: string; next?: string } {
  // SAFETY: what is caught was thrown as an Error; of those only a BregmaError has `next`.
  return error as Error & { next?: string };
}

/** "No neuron 'AVAl' in this release. Did you mean AVAL, AVAR?" nearest: best first, may be empty. where: "in this workspace". */
export function unknownName(what: string, id: string, nearest: string[], next?: string, where?: string): BregmaError {
  const hint = nearest.length > 0 ? ` Did you mean ${nearest.slice(0, 5).join(', ')}?` : '';
  return new BregmaError('unknown-name', `No ${what} '${id.slice(0, 200)}'${where ? ` ${where}` : ''}.${hint}`, {
    next,
    fields: { what, id, nearest },
  });
}

/** Throws a `cancelled` error when the signal has fired. Long loops call it between steps. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new BregmaError('cancelled', 'Cancelled.', { next: 'Call the tool again to start over.' });
}
