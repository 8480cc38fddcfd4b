import { HypothesisContent } from '@bregma/core/contracts/hypothesis';
import { findMetric } from '@bregma/core/contracts/metric';
import { draftContent, sizeOf } from './content.ts';
import type { DraftForm } from './model.ts';

/**
 * What keeps a draft from being one, by the field that must change: `claim`, `rivals.0`, `predictions.1.size`… Empty: the lab
 * server will take it.
 */
export function checkDraft(form: DraftForm): Map<string, string> {
  const found = new Map<string, string>();
  const say = (field: string, what: string) => {
    if (!found.has(field)) found.set(field, what);
  };
  const claim = form.claim.trim();
  if (claim.length < 10) say('claim', 'Say what you claim, in at least 10 characters.');
  if (claim.length > 2000) say('claim', `A claim has at most 2,000 characters; this has ${claim.length}.`);
  const rivals = form.rivals.map((rival) => rival.trim());
  if (rivals.every((rival) => rival === ''))
    say('rivals.0', 'Name another explanation that the predictions can tell apart from the claim.');
  rivals.forEach((rival, i) => {
    if (rival !== '' && rival.length < 3) say(`rivals.${i}`, 'Say it in at least 3 characters.');
    if (rival.length > 1000) say(`rivals.${i}`, `A rival has at most 1,000 characters; this has ${rival.length}.`);
  });
  if (form.predictions.length === 0) say('predictions', 'Add a prediction: what must be seen if the claim is right.');
  form.predictions.forEach((prediction, i) =>
    checkPrediction(prediction, form, (field, what) => say(`predictions.${i}.${field}`, what)),
  );
  if (form.plan.length > 4000) say('plan', `At most 4,000 characters; this has ${form.plan.length}.`);
  if (found.size > 0) return found;
  const parsed = HypothesisContent.safeParse(draftContent(form));
  if (!parsed.success) for (const { path, message } of parsed.error.issues) say(path.join('.'), message);
  return found;
}

type FormPrediction = DraftForm['predictions'][number];

function checkPrediction(
  { id, metric, direction, size, between, measured }: FormPrediction,
  form: DraftForm,
  say: (field: string, what: string) => void,
): void {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id.trim()))
    say('id', 'A short name of lower-case letters, digits and dashes, such as p1.');
  else if (form.predictions.filter((other) => other.id.trim() === id.trim()).length > 1)
    say('id', `Two predictions are called ${id.trim()}.`);
  if (measured) {
    if (!Number.isFinite(sizeOf(size))) say('size', 'Type a number.');
    return;
  }
  const found = findMetric(metric);
  if (!found) {
    say('metric', 'Choose what is measured.');
    return;
  }
  const named = between.slice(0, found.twins);
  for (let twin = 0; twin < found.twins; twin++) if (!named[twin]) say(`between.${twin}`, 'Choose a twin.');
  if (found.twins === 2 && named[0] && named[0] === named[1]) say('between.1', 'Choose another twin than the first.');
  const value = sizeOf(size);
  const [low, high] = found.range;
  if (!Number.isFinite(value)) say('size', `Type a number of ${found.unit}.`);
  else if (direction === 'equivalent' && value <= 0)
    say('size', 'The largest difference that still counts as none: more than 0.');
  else if (value < low || value > high) say('size', `${found.unit} lies between ${low} and ${high} here.`);
}
