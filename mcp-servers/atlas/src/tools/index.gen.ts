// Made by `npm run gen` from the files of this folder. Do not edit.
import type { Tool } from '@bregma/core/mcp/tool';
import { addData } from './add-data.ts';
import { analyseData } from './analyse-data.ts';
import { describeData } from './describe-data.ts';
import { drawChart } from './draw-chart.ts';
import { findData } from './find-data.ts';
import { getRun } from './get-run.ts';
import { joinData } from './join-data.ts';
import { locatePoints } from './locate-points.ts';
import { queryData } from './query-data.ts';
import { traceConnections } from './trace-connections.ts';

export const tools: Tool[] = [addData, analyseData, describeData, drawChart, findData, getRun, joinData, locatePoints, queryData, traceConnections];
