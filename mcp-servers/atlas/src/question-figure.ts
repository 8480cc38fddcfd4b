import { type Question, questionInWords } from '@bregma/core/contracts/question';
import { BregmaError } from '@bregma/core/errors';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { type Columns, drawSample, familyOf } from '@bregma/core/questions/sample';
import type { TableTest } from '@bregma/core/table-tests/table-test';
import { readFigure } from '@bregma/figures/figure-model';
import { drawFigure } from './draw-figure.ts';
import type { Sources } from './query/sources.ts';

/** Members of a family that are drawn beside one another at most. */
const mostMembers = 24;

/** The figure of a question: the units that were compared, of a family one panel a member. Throws `bad-input` where there is none. */
export async function figureOf(
  test: TableTest,
  table: Columns,
  question: Question,
  { kind, release, n }: Pick<Sources, 'kind' | 'release'> & { n: { count: number; of: string } | undefined },
  signal: AbortSignal,
) {
  const { picture } = test;
  if (!picture)
    throw new BregmaError('bad-input', `${question.metric} has no figure of its own.`, {
      next: 'Draw it with draw_chart.',
    });
  const { family } = question;
  const members = family === undefined ? [] : [...familyOf(table, family)];
  if (members.length > mostMembers)
    throw new BregmaError('bad-input', `${members.length} members are too many for one figure.`, {
      next: `Leave draw out, or ask of ${mostMembers} members at most.`,
    });
  const drawn =
    family === undefined
      ? [picture(drawSample(table, question, test.roles))]
      : members.flatMap(([member, part]) => pictured(test, part, question, family, member));
  if (drawn.length === 0) throw new BregmaError('bad-input', 'No member can be drawn.');
  const rows = drawn.flatMap((one) => one.rows);
  const chart = { ...drawn[0].chart, ...(family !== undefined && { panelX: family }) };
  const title = questionInWords(question);
  const model = { title: title[0].toUpperCase() + title.slice(1), kind, n, release, spec: readFigure(chart), rows };
  return drawFigure({ model, theme: 'light', widthPx: 760 }, signal);
}

/** The picture of a member; none where it has too little to be asked. */
function pictured({ picture, roles }: TableTest, part: Columns, question: Question, family: string, member: string) {
  try {
    const found = picture?.(drawSample(part, question, roles));
    return found ? [{ ...found, rows: found.rows.map((row) => ({ ...row, [family]: member })) }] : [];
  } catch (error) {
    if (error instanceof BregmaError && error.code === 'bad-input') return [];
    throw error;
  }
}

/** Digests of a figure as it is kept. */
export const keptFigure = ({ png, svg }: { png: Uint8Array; svg: string }, objects: ObjectStore) => ({
  png: objects.put(png, 'image/png').object,
  svg: objects.put(svg, 'image/svg+xml').object,
});
