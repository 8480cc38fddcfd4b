import { plain } from '@bregma/core/contracts/plain-text';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { isValueKind, kindMeanings, kindSign } from './kind-mark.ts';

/** The badge that says how a value came to be. */
export const KindMark = ({ kind }: { kind: ValueKind }) => (
  <span class="kind" data-kind={kind} data-mark={kindSign(kind)} title={kindMeanings[kind]}>
    {kind}
  </span>
);

/** As `KindMark`, for a name that came from a record; nothing when there is none. */
export function KindMarkOf({ kind }: { kind: string | null | undefined }) {
  if (!kind) return null;
  return isValueKind(kind) ? <KindMark kind={kind} /> : <span class="kind">{plain(kind, 40)}</span>;
}
