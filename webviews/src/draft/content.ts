import { findMetric } from '@bregma/core/contracts/metric';
import type { DraftForm } from './model.ts';

/** What a person typed as the content of a hypothesis: trimmed, empty parts left out. An unreadable size is NaN. */
export function draftContent(form: DraftForm) {
  const said = (text: string) => text.trim() || undefined;
  return {
    claim: form.claim.trim(),
    rivals: form.rivals.map((rival) => rival.trim()).filter(Boolean),
    predictions: form.predictions.map(({ id, metric, direction, size, between, because, measured, unit }) => ({
      id: id.trim(),
      metric,
      direction,
      size: sizeOf(size),
      between: between.slice(0, measured ? 0 : (findMetric(metric)?.twins ?? 2)),
      measured,
      unit: measured && unit,
      because: said(because),
    })),
    plan: said(form.plan),
  };
}

/** The number that was typed, with either minus sign; NaN when it is none. */
export function sizeOf(typed: string): number {
  const text = typed.trim().replace('−', '-');
  return text === '' ? Number.NaN : Number(text);
}
