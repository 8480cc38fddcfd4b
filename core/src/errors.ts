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

/** An error that a caller can act on: what is wrong, of which kind, and what to do next. */
export class BregmaError extends Error {
  readonly code: ErrorCode;
  readonly next?: string;
  readonly fields: Record<string, unknown>;

  /** message: what is wrong, naming the culprit; next: what to do now. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { next?: string; fields?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BregmaError';
    this.code = code;
    this.next = options.next;
    this.fields = options.fields ?? {};
  }
}

/** What an error says, and what to do now when it is one that knows. */
export function saidBy(error: unknown): { message: string; next?: string } {
  // SAFETY: what is caught was thrown as an Error; of those only a BregmaError has `next`.
  return error as Error & { next?: string };
}

/** "No neuron 'AVAl'. Did you mean AVAL, AVAR?" nearest: best first, may be empty. */
export function unknownName(what: string, id: string, nearest: string[], next?: string): BregmaError {
  const hint = nearest.length > 0 ? ` Did you mean ${nearest.slice(0, 5).join(', ')}?` : '';
  return new BregmaError('unknown-name', `No ${what} '${id.slice(0, 200)}'.${hint}`, {
    next,
    fields: { what, id, nearest },
  });
}

/** Throws a `cancelled` error when the signal has fired. Long loops call it between steps. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new BregmaError('cancelled', 'Cancelled.', { next: 'Call the tool again to start over.' });
}
