import { ScorerAnswers, type ScorerAnswerTo, type ScorerCall, type ScorerCallOf } from '../contracts/scorer-call.ts';
import { BregmaError } from '../errors.ts';
import { askService } from '../service/ask.ts';
import { type ServicePlace, servicePlace } from '../service/place.ts';
import { scorerService } from '../service/service.ts';

/** A network may run for ten minutes; a stack of images is large. */
const patience = { ms: 620_000, largestAnswer: 300_000_000 };

/** Asks a scorer; throws as `askService`. */
export async function askScorer<Name extends ScorerCall>(
  place: ServicePlace,
  name: Name,
  call: ScorerCallOf<Name>,
): Promise<ScorerAnswerTo<Name>> {
  // SAFETY: the answer was held to the form of this call's answers.
  return (await askService(scorerService, place, name, call, ScorerAnswers[name], patience)) as ScorerAnswerTo<Name>;
}

/** The scorer of this person. Throws `missing` when nobody says where it is. */
export function scorerPlace(environment: NodeJS.ProcessEnv = process.env): ServicePlace {
  const place = servicePlace(scorerService, environment);
  if (place) return place;
  throw new BregmaError('missing', 'Nobody says where a scorer is.', {
    next: 'Run one as another user (`bregma scorer --help`), then `bregma benchmark join --address ADDRESS --token-file FILE`.',
  });
}
