import type { Prediction, TestResult, TestSpend, Verdict } from '@bregma/core/contracts/hypothesis';
import { type BudgetChoice, decidesNothing, factOf, judge, nextLevel } from '@bregma/core/hypothesis/budget';
import { familyVerdict } from '@bregma/core/hypothesis/family';
import type { findHypothesis } from '@bregma/core/hypothesis/hypotheses';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { withDigits } from '@bregma/core/numbers';
import {
  type Analysis,
  type Answered,
  analyse,
  type Standing,
  standing,
  stopped,
} from '@bregma/core/questions/analyse';
import type { OpenStatistic } from '@bregma/core/table-tests/table-test';
import type { Workspace } from '@bregma/core/workspace';
import { goOnWith, spendLevel } from './spend.ts';
import { collectRows, refuse, type TableEvidence } from './table-evidence.ts';

/** One member of a family, as a verdict lists it. */
export type MemberVerdict = {
  member: string;
  verdict: Verdict | 'not tested';
  estimate: number | null;
  low: number | null;
  high: number | null;
  p: number | null;
  adjusted: number | null;
  n: number | null;
  why?: string;
};

/** What a test of a table found, all of it on record. */
export interface TableVerdict {
  spend: TestSpend & { id: string };
  result: TestResult;
  evidence: TableEvidence;
  standing: Standing;
  how: string;
  interval: string;
  members?: MemberVerdict[];
  details: Record<string, unknown>;
}

/** p-values are told apart at least down to here, however large the level is. */
const coarsest = 0.001;

/**
 * Tests a prediction about a table: its rows are collected and looked at for what rules a test out, then the level is spent, then
 * p-values are made. Throws before it spends where no verdict could come.
 */
export async function testTable(
  frozen: ReturnType<typeof findHypothesis>,
  prediction: Prediction,
  asked: { data?: string; budget?: BudgetChoice; postHoc: boolean },
  workspace: Workspace,
  { breathe, openStatistic }: { breathe: () => Promise<void>; openStatistic: OpenStatistic },
): Promise<TableVerdict> {
  const { ledger } = workspace;
  const evidence = await collectRows(frozen, prediction, asked, workspace);
  const seed = `${frozen.body.digest} ${prediction.id}`;
  // Nothing of this look leaves before the level is spent: it says whether a verdict can come, and of which sort.
  const ask = (finest: number, estimatesAlone = false) =>
    analyse(evidence.columns, evidence.question, { seed, finest, breathe, openStatistic, estimatesAlone });
  const look = await ask(0.01, true);
  const by = refuseUndecidable(look, prediction, nextLevel(ledger, 'p', asked.budget).level);
  const spend = evidence.continues
    ? await goOnWith(evidence.continues, datasetRef(evidence.release), workspace)
    : await spendLevel(
        workspace,
        {
          by,
          wished: asked.budget,
          test: {
            phase: 'spent',
            hypothesis: frozen.subject,
            prediction: prediction.id,
            metric: prediction.metric,
            experiment: datasetRef(evidence.release),
            rows: evidence.rows,
            ...(evidence.postHoc ? { postHoc: true as const } : {}),
            predicted: [],
          },
        },
        () => {},
      );
  const { level } = spend.budget;
  const reference = datasetRef(evidence.release);
  const finest = Math.min(coarsest, level / Math.max(1, look.answers.length) ** 1.2);
  const { answers } = await ask(finest);
  const verdict: Found = prediction.measured?.family
    ? verdictOfFamily(answers, prediction, level)
    : { ...standingAt(answers[0], prediction, level), first: answers[0] };
  const { measured } = verdict.first;
  const single = verdict.members ? undefined : measured;
  const result: TestResult = {
    phase: 'result',
    test: spend.id,
    hypothesis: frozen.subject,
    prediction: prediction.id,
    experiment: reference,
    fact: factOf(prediction, evidence.release.id),
    ...(evidence.postHoc ? decidesNothing : judge(verdict.standing, level)),
    postHoc: evidence.postHoc,
    estimate: single?.estimate ?? verdict.held ?? null,
    low: single?.low ?? null,
    high: single?.high ?? null,
    ...verdict.standing,
    sequence: verdict.sequence,
    n: single?.n ?? { count: answers.length, of: prediction.measured?.family ?? 'members' },
  };
  return {
    spend,
    result,
    evidence,
    standing: verdict.standing,
    how: measured?.how ?? '',
    interval: single?.interval ?? 'none: the estimate counts members of which the claim holds',
    members: evidence.postHoc
      ? verdict.members?.map((one) => ({ ...one, verdict: 'post hoc' as const }))
      : verdict.members,
    details: single
      ? { ...single.details, groups: single.groups, checks: single.checks, leftOut: verdict.first.leftOut }
      : { members: answers.length, least: verdict.least, leftOut: verdict.first.leftOut },
  };
}

/** What the p-values come to: of the whole table, or of a family with its members. */
interface Found {
  standing: Standing;
  first: Answered;
  /** Of a sequential test: where it stopped. */
  sequence?: TestResult['sequence'];
  members?: MemberVerdict[];
  /** Members of which the claim must hold, and does. */
  least?: number;
  held?: number;
}

const nothingKnown: Standing = { pFor: null, pAgainst: null, eFor: null, eAgainst: null };

const standingOf = ({ measured }: Answered, prediction: Prediction): Standing =>
  measured ? standing(measured, prediction) : nothingKnown;

/** How the claim stands, of a sequential test where it stopped. */
function standingAt(answer: Answered, prediction: Prediction, level: number): Pick<Found, 'standing' | 'sequence'> {
  const { measured } = answer;
  const found = measured && stopped(measured, prediction, level, prediction.measured?.judge?.beta);
  if (!found) return { standing: standingOf(answer, prediction) };
  return { standing: found.standing, sequence: { units: found.units, of: measured.n.count, why: found.why } };
}

/** What the test gives, p or e. Throws `not-allowed` where nothing could be decided at this level. */
function refuseUndecidable({ answers, metric }: Analysis, prediction: Prediction, level: number): 'p' | 'e' {
  const asked = answers.filter(({ measured }) => measured);
  if (asked.length === 0)
    throw refuse('undecidable', `No member can be tested: ${answers[0]?.refused ?? 'there is none'}`);
  const found = asked.map((answer) => standingOf(answer, prediction));
  const by = found.some(({ pFor }) => pFor !== null) ? 'p' : found.some(({ eFor }) => eFor !== null) ? 'e' : undefined;
  if (!by)
    throw refuse(
      'undecidable',
      `${metric.name} has no test of a size of ${prediction.size}: exchanging rows speaks of ${metric.nothing} alone.`,
    );
  const smallest = Math.min(...asked.map(({ measured }) => measured?.smallest ?? 0)) * answers.length;
  if (by === 'p' && smallest > level)
    throw refuse(
      'too-few',
      `So few units give a p-value of ${withDigits(smallest, 2)} at least, and ${withDigits(level, 2)} decides.`,
    );
  return by;
}

function verdictOfFamily(answers: Answered[], prediction: Prediction, level: number): Found {
  const standings = answers.map((answer) => standingOf(answer, prediction));
  const { standing: together, least, verdicts, adjusted } = familyVerdict(standings, level, prediction.measured?.share);
  const members = answers.map(
    ({ member, measured, refused }, i): MemberVerdict => ({
      member: member ?? '',
      verdict: measured ? verdicts[i] : 'not tested',
      estimate: measured?.estimate ?? null,
      low: measured?.low ?? null,
      high: measured?.high ?? null,
      p: standings[i].pFor,
      adjusted: adjusted[i],
      n: measured?.n.count ?? null,
      why: refused,
    }),
  );
  const held = verdicts.filter((verdict) => verdict === 'supported').length;
  const first = answers.find(({ measured }) => measured) ?? answers[0];
  return { standing: together, first, members, least, held };
}
