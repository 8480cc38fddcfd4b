import { kindSigns } from '@bregma/core/contracts/kind-signs';
import { shown } from '@bregma/core/numbers';
import type { Caption } from '@bregma/webviews/kit/caption';
import { counted } from '@bregma/webviews/kit/format';

/** What a picture rests on, as lines below it: kind, n, how much was left out, uncertainty; where it comes from; notes. */
export function captionLines(caption: Caption, notes: string[] = []): string[] {
  const { kind, n, completeness, uncertainty, release, activity, note } = caption;
  const cut =
    completeness && completeness.available !== completeness.returned
      ? `${shown(completeness.returned)} of ${completeness.available === null ? 'an unknown number of' : shown(completeness.available)} ${completeness.of}`
      : undefined;
  const rests = [`${kindSigns[kind]} ${kind}`, n && `n = ${counted(n.count, n.of)}`, cut, uncertainty?.method].filter(
    Boolean,
  );
  const sources = [...(release ?? []), ...(activity ? [activity] : [])];
  return [
    rests.join(' · '),
    `Source: ${sources.length > 0 ? sources.join(', ') : 'values of the call itself'}`,
    ...[note, ...notes].filter((said) => said !== undefined),
  ];
}
