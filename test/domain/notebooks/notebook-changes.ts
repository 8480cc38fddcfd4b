import type { Cell, Notebook } from '@bregma/notebooks/document';
import fc from 'fast-check';

/** A notebook with prose, named and nameless cells. */
export const begin = `---
title: Shared
---

# Shared

\`\`\`sql name=a
SELECT 1
\`\`\`

Between.

\`\`\`bregma name=b
tool: find_twins
\`\`\`

\`\`\`sql
SELECT 2
\`\`\`
`;

/** Any change that somebody makes to a notebook. */
export const change = fc.record({
  how: fc.constantFrom('append', 'insert', 'front'),
  where: fc.nat(7),
  kind: fc.constantFrom('sql', 'prose'),
});
export type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** The notebook with a text that stands nowhere else in it. */
export function changed(notebook: Notebook, { how, where, kind }: Change, token: string): Notebook {
  const cells = [...notebook.cells];
  if (how === 'front')
    return { ...notebook, frontMatter: (notebook.frontMatter ?? '---\n---\n').replace(/---\n$/, `# ${token}\n---\n`) };
  if (how === 'insert' || cells.length === 0) {
    const made: Cell =
      kind === 'sql' ? { kind: 'sql', info: { more: [] }, text: `-- ${token}` } : { kind: 'prose', text: token };
    cells.splice(where % (cells.length + 1), 0, made);
  } else {
    const at = where % cells.length;
    const separator = cells[at].kind === 'prose' ? '\n\n' : '\n';
    cells[at] = { ...cells[at], text: `${cells[at].text}${separator}# ${token}` };
  }
  return { ...notebook, cells };
}

/** The texts that `changed` put into a notebook. */
export const tokens = (text: string) => new Set(text.match(/\btok\d+x/g) ?? []);
