/** What a notebook can be rendered as. */
export const runFormats = ['html', 'ipynb', 'qmd', 'png'] as const;
/** One of them. */
export type RunFormat = (typeof runFormats)[number];
