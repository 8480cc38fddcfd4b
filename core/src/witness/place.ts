import { type ServicePlace, servicePlace } from '../service/place.ts';
import { witnessService } from '../service/service.ts';

/** The witness of this person; throws as `servicePlace`. */
export const witnessPlace = (environment: NodeJS.ProcessEnv = process.env): ServicePlace | undefined =>
  servicePlace(witnessService, environment);
