// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Feature } from '../app.ts';
import { agents } from './agents.ts';
import { mcpServers } from './mcp-servers.ts';
import { milestones } from './milestones.ts';
import { trust } from './trust.ts';

export const features: Feature[] = [agents, mcpServers, milestones, trust];
