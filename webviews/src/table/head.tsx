import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChildren } from 'preact';
import type { DataColumn } from './data.ts';
import { filterHelp } from './filter.ts';

/** What was sorted and filtered. */
export interface TableState {
  sort?: { column: string; direction: 'ascending' | 'descending' };
  /** By the name of the column. */
  filters: Record<string, string>;
}

interface HeadParts {
  columns: DataColumn[];
  state: TableState;
  /** Columns of which the filter cannot be read. */
  wrong: ReadonlySet<DataColumn>;
  sortBy(column: DataColumn): void;
  filter(column: DataColumn, text: string): void;
}

/** Names of the columns, which sort, and a filter below each. */
export const Head = ({ columns, state: { sort, filters }, wrong, sortBy, filter }: HeadParts) => (
  <>
    <HeadRow index={1}>
      <div class="cell rowhead" role="columnheader" aria-colindex={1}>
        row
      </div>
      {columns.map((column, i) => (
        <div
          key={column.name}
          class="cell"
          role="columnheader"
          aria-colindex={i + 2}
          aria-sort={column.name === sort?.column ? sort.direction : 'none'}
        >
          <Sort column={column} sort={() => sortBy(column)} />
        </div>
      ))}
    </HeadRow>
    <HeadRow index={2}>
      <div class="cell rowhead" role="gridcell" aria-colindex={1} />
      {columns.map((column, i) => (
        <div key={column.name} class="cell" role="gridcell" aria-colindex={i + 2}>
          <Filter
            column={column}
            text={filters[column.name] ?? ''}
            wrong={wrong.has(column)}
            change={(text) => filter(column, text)}
          />
        </div>
      ))}
    </HeadRow>
  </>
);

const HeadRow = ({ index, children }: { index: number; children: ComponentChildren }) => (
  <div class="row" role="row" aria-rowindex={index}>
    {children}
  </div>
);

const Sort = ({ column: { name, description, unit, type }, sort }: { column: DataColumn; sort(): void }) => (
  <button type="button" class="sort" title={description && plain(description, 300)} onClick={sort}>
    <span class="name">{plain(name, 60)}</span>
    <span class="arrow" aria-hidden="true" />
    <span class="type">{plain([unit, type.toLowerCase()].filter(Boolean).join(' · '), 40)}</span>
  </button>
);

interface FilterParts {
  column: DataColumn;
  text: string;
  wrong: boolean;
  change(text: string): void;
}

function Filter({ column: { name, order }, text, wrong, change }: FilterParts) {
  const help = order === 'text' ? filterHelp.text : filterHelp.number;
  return (
    <input
      type="text"
      aria-label={`Filter ${plain(name, 60)}: ${help}`}
      aria-invalid={wrong || undefined}
      title={help}
      placeholder={order === 'text' ? 'contains' : '2..8, >5'}
      value={text}
      spellcheck={false}
      autocomplete="off"
      onInput={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
