import { type AnswerTo, type CallOf, WitnessAnswers, type WitnessCall } from '../contracts/witness-call.ts';
import { askService } from '../service/ask.ts';
import type { ServicePlace } from '../service/place.ts';
import { witnessService } from '../service/service.ts';

/** Asks a witness; throws as `askService`. */
export async function askWitness<Name extends WitnessCall>(
  place: ServicePlace,
  name: Name,
  call: CallOf<Name>,
): Promise<AnswerTo<Name>> {
  // SAFETY: the answer was held to the form of this call's answers.
  return (await askService(witnessService, place, name, call, WitnessAnswers[name])) as AnswerTo<Name>;
}
