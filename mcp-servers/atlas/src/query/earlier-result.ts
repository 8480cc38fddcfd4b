import type { Activity } from '@bregma/core/contracts/activity';
import type { QueryRelease } from './protocol.ts';

/** An earlier call, or the objects named by digest, as SQL names them, and what they rest on. */
export interface EarlierResult extends QueryRelease {
  activity: Pick<Activity, 'releases' | 'valueKind'>;
}
