export { networkRunner } from '@bregma/readers/run-network';
