import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { withDecimals } from '@bregma/core/numbers';
import { openWorkspace } from '@bregma/core/workspace';
import type { Command } from '../command.ts';
import { makeFigures } from '../loop/figures.ts';
import { Narrator } from '../loop/narrator.ts';
import { reportHtml } from '../loop/report-html.ts';
import { runLoop } from '../loop/run-loop.ts';
import { ask, canAsk } from '../prompt.ts';
import { serverProgram } from '../servers.ts';
import { approve } from './approve.ts';

export const start: Command = {
  name: 'start',
  summary: 'run the whole loop on embedded recordings and write a report',
  help: `Usage: bregma start [--out DIR] [--data DIR] [--yes | --await-approval]

Runs question → atlas → twins → hypothesis → discriminating experiment → verdict on a real recording of macaque V4, over the
three MCP servers, and writes report.html and report.json. About a minute; nothing is downloaded.

  --out DIR    where the records and the report go (default: ./bregma-demo)
  --data DIR   a folder of data sets to read instead of downloading (BREGMA_MIRROR)
  --yes        approve the experiment with a demonstration key; the report says so
  --await-approval  wait until a person has approved the plan elsewhere: in the editor, or with \`bregma approve PLAN\`
Without either you are asked to approve the experiment yourself.`,
  options: {
    out: { type: 'string' },
    data: { type: 'string' },
    yes: { type: 'boolean' },
    'await-approval': { type: 'boolean' },
  },
  async run({ values }) {
    const out = path.resolve(String(values.out ?? 'bregma-demo'));
    if (typeof values.data === 'string') process.env.BREGMA_MIRROR = path.resolve(values.data);
    mkdirSync(out, { recursive: true });
    const narrator = new Narrator();
    const elsewhere = values['await-approval'] === true;
    const demo = values.yes === true || (!elsewhere && !(await personApproves()));
    const { report, scatter } = await runLoop({
      workspace: out,
      demo,
      narrator,
      async approve(plan) {
        if (elsewhere) return approvedElsewhere(plan, out, narrator);
        const code = await approve.run({ positionals: [plan], values: {}, workspace: out });
        if (code !== 0) throw new BregmaError('not-allowed', 'The experiment was not approved.');
      },
    });
    const draw = await makeFigures();
    const figures = {
      validity: draw.validity(report.twins),
      scatter: draw.scatter(scatter, report.twins),
      scatterUnit: scatter.unit,
      evidence: draw.evidence(report.benefit),
    };
    writeFileSync(path.join(out, 'report.html'), reportHtml(report, figures));
    writeFileSync(path.join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    narrator.heading(`Done in ${withDecimals(report.seconds, 0)} s`);
    console.log(closing(out, report.test.activity));
    return 0;
  },
};

/** Without a terminal there is nobody to ask: the demonstration key is used, and said. */
async function personApproves(): Promise<boolean> {
  if (!canAsk()) return false;
  const answer = await ask(
    'The loop ends in an experiment that a person approves. Approve it yourself with your own key? [y/N] ',
  );
  return /^y(es)?$/i.test(answer);
}

/** Waits until a person has signed this plan. A review does not decide; whether an approval is valid is checked when the plan runs. */
async function approvedElsewhere(plan: string, workspace: string, narrator: Narrator): Promise<void> {
  narrator.say(`waiting for a person to approve ${plan}: in the editor, or with \`bregma approve ${plan}\``);
  const store = openWorkspace(workspace);
  try {
    for (;;) {
      const signed = store.ledger.latest('approval', plan)?.body.statement;
      if (signed?.meaning === 'approve') return;
      if (signed?.meaning === 'reject') throw new BregmaError('not-allowed', `${signed.by} has rejected ${plan}.`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  } finally {
    store.close();
  }
}

function closing(out: string, activity: string): string {
  const bregma = process.env.BREGMA_COMMAND ?? 'bregma';
  const server = (name: 'atlas' | 'twin' | 'lab') => `${process.execPath} ${serverProgram(name)} --workspace ${out}`;
  return [
    `Report     ${path.join(out, 'report.html')}`,
    `Figures    ${path.join(out, 'report.json')}`,
    '',
    `Check it   ${bregma} verify --workspace ${out}`,
    `           ${bregma} trace ${activity} --workspace ${out}`,
    '',
    'Go on with an agent over the same records:',
    `  Claude Code   claude mcp add bregma-atlas -- ${server('atlas')}`,
    `                claude mcp add bregma-twin -- ${server('twin')}`,
    `                claude mcp add bregma-lab -- ${server('lab')}`,
    `  Codex         codex mcp add bregma-atlas -- ${server('atlas')}   (twin and lab likewise)`,
    `  VS Code       code --add-mcp '${JSON.stringify({ name: 'bregma-atlas', command: process.execPath, args: [serverProgram('atlas'), '--workspace', out] })}'   (likewise)`,
  ].join('\n');
}
