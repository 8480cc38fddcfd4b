// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Tool } from '@bregma/core/mcp/tool';
import { getRun } from './get-run.ts';

export const tools: Tool[] = [getRun];
