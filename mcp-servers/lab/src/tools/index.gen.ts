// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Tool } from '@bregma/core/mcp/tool';

export const tools: Tool[] = [];
