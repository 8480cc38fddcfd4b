import { questionInWords } from '../contracts/question.ts';
import type { Page } from '../mcp/listed-pages.ts';
import { tableTests } from '../table-tests/index.gen.ts';
import type { TableTest } from '../table-tests/table-test.ts';

/** One page for each test of a table, made of its own words: `bregma://test/NAME`. */
export const testPages: Page[] = tableTests.map((test) => ({
  uri: `bregma://test/${test.name}`,
  title: test.answers,
  text: () => pageOf(test),
}));

const list = (items: string[]) => items.map((item) => `- ${item}`).join('\n');

/** Markdown: question, metrics with unit and range, columns, estimate, interval, test, assumptions, refusals, example. */
function pageOf(test: TableTest): string {
  const { name, answers, metrics, roles, assumes, tests, interval, refuses, example } = test;
  const { metric, ...measured } = example;
  const named = metrics.find((one) => one.name === metric) ?? metrics[0];
  const direction = named.nothing === named.range[1] ? 'less' : 'greater';
  const prediction = { metric, direction, size: named.nothing, measured: { data: 'my-data', ...measured } };
  const described = metrics.map(
    ({ name: own, title, unit, range, nothing, onlyNothing, judges, unjudged }) =>
      `\`${own}\`: ${title}. Unit: ${unit === 'value' ? 'that of the value' : unit}; from ${range[0]} to ${range[1]}; no effect: ${nothing}${onlyNothing ? ', the only size that has a test' : ''}.${judges ? ` Also judged by ${judges.join(', ')}.` : ''}${unjudged ? ` Not judged ${judges ? 'otherwise' : 'by evidence'}: ${unjudged}.` : ''}`,
  );
  return `# ${name}: ${answers}

## Estimate
${list(described)}

## Columns
${list(roles.map(({ name: role, holds, optional, several }) => `\`${role}\`: ${several ? 'columns of ' : ''}${holds === 'either' ? 'numbers, or of words (one column of 0 and 1 for every level but the first)' : holds}${optional ? ', optional' : ''}`))}

The unit of inference is \`subject\`, else \`unit\`, else the row; repeats are averaged first. Rows with a value that was not measured, and copies of a row, take no part and are counted.

## Interval
${interval}

## Test
${tests}. One-sided for a prediction; two-sided when exploring.

## Assumes
${list(assumes)}

## Refuses
${list(refuses)}

## Example
Explore: \`analyse_data {"data": "my_data.my_table", "question": ${JSON.stringify(example)}}\` asks for the ${questionInWords(example)}.

Predict: \`record_hypothesis {…, "predictions": [${JSON.stringify(prediction)}]}\`, then freeze_hypothesis and test_hypothesis.
`;
}
