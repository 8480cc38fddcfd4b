import * as z from 'zod';

/** A column, or several, by name. */
const Columns = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(20)]);

/**
 * What is asked of a table: a metric of `core/table-tests`, and which column plays which of its roles. Exploring (analyse_data)
 * and testing (a prediction) ask in the same words.
 */
export const Question = z.strictObject({
  /** mean_difference, spearman, … */
  metric: z.string().min(1).max(60),
  /** Role → column: {value: 'rate', group: 'genotype'}. */
  columns: z.record(z.string().max(40), Columns),
  /** Levels of the group that are compared, first minus second; in their order for a trend. Default: all there are. */
  groups: z.array(z.string().max(200)).min(1).max(50).optional(),
  /** Column that names the unit that was measured: rows of one unit are repeats of it, and count once, by their mean. */
  unit: z.string().max(200).optional(),
  /** Column that names the subject, of which units are parts: subjects count, not their parts. */
  subject: z.string().max(200).optional(),
  /** Each subject (or unit) is in both groups, and is compared with itself. */
  paired: z.boolean().optional(),
  /** Of an outcome or an event in words: the level that is what happens, against all others. Default: the last in order. */
  happens: z.string().max(200).optional(),
  /** Column whose every level (a neuron, a region) is asked the question by itself. */
  family: z.string().max(200).optional(),
  /** Of a family: the smallest share of its members of which the claim must hold; default at least one. */
  share: z.number().gt(0).max(1).optional(),
  /** Columns within whose levels alone rows may be exchanged. */
  blocks: z.array(z.string().max(200)).max(5).optional(),
  /** Of metric custom: one SQL statement over table `rows` that gives one number. */
  sql: z.string().max(4000).optional(),
  /** By what a claim is decided, in place of p-values: evidence of which the budget takes e-values. */
  judge: z
    .strictObject({
      by: z.enum(['bayes-factor', 'e-process', 'sprt']),
      /**
       * Scale of the prior of effects. Of means in standard deviations, default √½ of a Bayes factor and 0.5 of an e-process; of a
       * correlation the width of a stretched beta, default 1; of the log odds or rate ratio its sd, default 1; of a slope of log odds or of a
       * log hazard its sd, default 0.5 of one standard deviation of x; of a slope default √2 / 4 of one standard deviation of x. In sequence, where that is not known yet, it is of one unit of x.
       */
      scale: z.number().positive().max(10).optional(),
      /** Of a sequential test: the effect that it looks for beyond the size, in the unit of `effectUnit`. */
      effect: z.number().positive().max(10).optional(),
      /** Of a sequential test: how often it may miss that effect, and stop for it. */
      beta: z.number().gt(0).lt(0.5).optional(),
      /** Column of the order in which rows came; default: the order of the table. */
      order: z.string().max(200).optional(),
    })
    .optional(),
});
export type Question = z.infer<typeof Question>;

/** A part that a column plays. */
export interface Role {
  name: string;
  /** `either`: numbers as they are, words as one column of 0 and 1 for every level but the first. */
  holds: 'numbers' | 'levels' | 'either';
  /** Default: must be given. */
  optional?: boolean;
  /** More than one column may play it. */
  several?: boolean;
}

/** What is claimed of a metric: above `size`, below it, or within ± `size`. */
export interface Bound {
  direction: 'greater' | 'less' | 'equivalent';
  size: number;
}

/** A question about a data set of the workspace. */
export const MeasuredQuestion = Question.extend({
  /** Data set, `id` or `id@release`. */
  data: z.string().min(1).max(200),
  /** Which of its tables; default the only one. */
  table: z.string().max(200).optional(),
});
export type MeasuredQuestion = z.infer<typeof MeasuredQuestion>;

/** What the effect of a sequential test of this metric is in. */
export function effectUnit(metric: string): string {
  if (metric === 'pearson') return 'r';
  if (metric === 'rate_difference') return 'log rate ratio';
  if (metric === 'slope') return 'SD per unit of x';
  return metric === 'odds_ratio' || metric === 'proportion_difference' ? 'log odds ratio' : 'SD';
}

/** Metrics whose name is no word of the field. */
const spoken: Record<string, string> = {
  pearson: 'Pearson correlation',
  spearman: 'Spearman correlation',
  kendall: 'Kendall’s τ',
  cramers_v: 'Cramér’s V',
  one_way: 'one-way difference',
  one_way_ranks: 'one-way difference of ranks',
  two_way: 'two-way difference',
  two_way_interaction: 'interaction',
  mixed_slope: 'mixed-model slope',
};

/** What stands before each role, in the order in which they are said. */
const said: [role: string, before: string][] = [
  ['value', 'of'],
  ['outcome', 'of'],
  ['time', 'of'],
  ['event', 'until'],
  ['exposure', 'per'],
  ['angle', 'over'],
  ['x', 'on'],
  ['group', 'by'],
  ['second', 'and'],
  ['covariates', 'beside'],
];

/** "of rate on age beside sex": columns by what they are to the question. Of two that are alike: "of depth and rate". */
function columnsInWords({ columns, groups, happens }: Question): string {
  const named = (role: string) => [columns[role] ?? []].flat();
  if (columns.x && columns.y) return `of ${[...named('x'), ...named('y')].join(' and ')}`;
  const compared = groups ? ` (${groups.join(groups.length === 2 ? ' − ' : ', ')})` : '';
  const counted = happens === undefined ? '' : ` (${happens})`;
  const behind: Record<string, string> = { group: compared, outcome: counted, event: counted };
  const others = Object.keys(columns).filter((role) => !said.some(([one]) => one === role));
  return [...said, ...others.map((role): [string, string] => [role, 'by'])]
    .filter(([role]) => named(role).length > 0)
    .map(([role, before]) => `${before} ${named(role).join(', ')}${behind[role] ?? ''}`)
    .join(' ');
}

/** "mean difference of rate by genotype (ko − wt), subjects by mouse, for each neuron" */
export function questionInWords(question: Question): string {
  const { metric, columns, unit, subject, paired, family, blocks, sql, judge } = question;
  return [
    sql === undefined
      ? `${spoken[metric] ?? metric.replaceAll('_', ' ')} ${columnsInWords(question)}`
      : `statistic “${sql.replaceAll(/\s+/g, ' ')}” with ${[columns.exchange].flat().join(', ')} exchanged`,
    blocks?.length ? `within ${blocks.join(', ')}` : undefined,
    paired ? `paired by ${subject ?? unit}` : undefined,
    !paired && unit ? `one number a ${unit}` : undefined,
    !paired && subject ? `subjects by ${subject}` : undefined,
    family ? `for each ${family}` : undefined,
    judge
      ? `by ${judge.by === 'sprt' ? `sequential test for ${judge.effect} ${effectUnit(metric)}` : judge.by.replace('bayes-factor', 'Bayes factor')}`
      : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
