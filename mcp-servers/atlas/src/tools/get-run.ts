export { getRun } from '@bregma/core/mcp/get-run';
