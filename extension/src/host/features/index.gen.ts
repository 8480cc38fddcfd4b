// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Feature } from '../app.ts';
import { agents } from './agents.ts';
import { catalogue } from './catalogue.ts';
import { experiments } from './experiments.ts';
import { firstLook } from './first-look.ts';
import { hypotheses } from './hypotheses.ts';
import { mcpServers } from './mcp-servers.ts';
import { milestones } from './milestones.ts';
import { notebooks } from './notebooks.ts';
import { planNews } from './plan-news.ts';
import { provenance } from './provenance.ts';
import { shownFolder } from './shown-folder.ts';
import { stopButton } from './stop-button.ts';
import { trust } from './trust.ts';

export const features: Feature[] = [agents, catalogue, experiments, firstLook, hypotheses, mcpServers, milestones, notebooks, planNews, provenance, shownFolder, stopButton, trust];
