import type { Page } from '@bregma/core/mcp/listed-pages';
import { grouped } from '@bregma/core/numbers';
import type { DatasetAdapter, PublishedNumber } from './datasets/adapter.ts';
import { registry } from './sources/registry.ts';

/** True where sources say different numbers, or the release gives another one than they. */
const isDisputed = ({ says, here }: PublishedNumber) =>
  new Set([...says.map(({ value }) => value), ...(here === undefined ? [] : [here])]).size > 1;

/** The numbers of a release that sources give differently, in words; undefined where there are none. */
export function disagreements(entry: DatasetAdapter | undefined): string[] | undefined {
  const found = (entry?.published ?? []).filter(isDisputed).map(inWords);
  return found.length > 0 ? found : undefined;
}

function inWords({ what, says, here, because }: PublishedNumber): string {
  const said = says.map(({ value, source }) => `${grouped(value)} (${source})`).join(' against ');
  const counted = here === undefined ? '' : `; counted here: ${grouped(here)}`;
  return `${what}: ${said}${counted}.${because ? ` ${because}` : ''}`;
}

/** Every published number of a registered release, with its sources: `bregma://document/published-numbers`. */
export const publishedPage: Page = {
  uri: 'bregma://document/published-numbers',
  title: 'Numbers that papers give of data sets, and where they disagree',
  text: () => {
    const rows = registry.flatMap((entry) =>
      (entry.published ?? []).map((one) => {
        const said = one.says.map(({ value, source }) => `${grouped(value)}: ${source}`).join('<br>');
        const here =
          one.sql === undefined
            ? 'cannot be counted here'
            : one.here === undefined
              ? 'one of these'
              : grouped(one.here);
        return `| ${entry.id}@${entry.release} | ${one.what} | ${said} | ${here} | ${isDisputed(one) ? 'disagree' : ''} ${one.because ?? ''} |`;
      }),
    );
    return `# Published numbers

Each is counted again in the release whenever the tests run. Where sources disagree both stand here, and describe_data names them.

| release | what | who says | the release gives | |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  },
};
