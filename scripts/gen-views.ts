import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folders beside those of views: what views share, and what shows them. */
const noViews = ['kit', 'hosts'];

/** The views whose folders have a file of this name. */
export function viewsWith(root: string, file: string): string[] {
  const folder = path.join(root, 'webviews/src');
  return readdirSync(folder)
    .filter((name) => !noViews.includes(name) && existsSync(path.join(folder, name, file)))
    .sort();
}

const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The type that a view draws: what `model.ts` exports as …Model. */
function modelOf(root: string, view: string): string {
  const text = readFileSync(path.join(root, 'webviews/src', view, 'model.ts'), 'utf8');
  const names = [...text.matchAll(/export type (\w+Model) =/g)].map((found) => found[1]);
  const name = names.find((one) => one.toLowerCase() === `${camelCase(view)}model`.toLowerCase()) ?? names.at(-1);
  if (name) return name;
  throw new Error(`webviews/src/${view}/model.ts exports no type …Model.`);
}

const head = '// Made by `npm run gen` from the folders of views. Do not edit.';

/** One index over a part that views may have. entry: a line of it. */
function indexOver(
  root: string,
  file: string,
  name: string,
  opening: string[],
  entry: (view: string) => string,
): string {
  const views = viewsWith(root, file);
  const [part] = file.split('.');
  const exported = (view: string) => (part.startsWith('from-') ? camelCase(view) : `${part} as ${camelCase(view)}`);
  return [
    head,
    ...opening,
    ...views.map((view) => `import { ${exported(view)} } from './${view}/${file}';`),
    '',
    `export const ${name} = {`,
    ...views.map((view) => `  ${entry(view)},`),
    '}',
  ].join('\n');
}

/** Files of `webviews/src/` → their text: every view's name with its model, and who makes a model, a still, a sample of it. */
export function viewIndices(root: string): Record<string, string> {
  const views = viewsWith(root, 'model.ts');
  const modelsOf = "import type { Models } from './models.gen.ts';";
  const entry = (view: string) => (camelCase(view) === view ? view : `'${view}': ${camelCase(view)}`);
  return {
    'models.gen.ts': [
      head,
      ...views.map((view) => `import type { ${modelOf(root, view)} } from './${view}/model.ts';`),
      '',
      '/** What each view draws. */',
      'export interface Models {',
      ...views.map((view) => `  '${view}': ${modelOf(root, view)};`),
      '}',
      '',
    ].join('\n'),
    'forms.gen.ts': `${indexOver(root, 'from-columns.ts', 'forms', ["import type { ViewForm } from './kit/plot-form.ts';"], entry)} satisfies Record<string, ViewForm>;\n`,
    'stills.gen.ts': `${indexOver(root, 'still.ts', 'stills', ["import type { Still } from './kit/still.ts';", modelsOf], entry)} satisfies { [Name in keyof Models]?: (model: Models[Name]) => Still };\n`,
    'samples.gen.ts': `${indexOver(root, 'sample.ts', 'samples', [modelsOf], entry)} satisfies { [Name in keyof Models]: () => Models[Name] };\n`,
    'answers.gen.ts': `${indexOver(root, 'from-answer.ts', 'byView', ["import type { FromAnswer } from './kit/answer.ts';", modelsOf], entry)} satisfies { [Name in keyof Models]?: FromAnswer<Models[Name]> };\n\n/** The same as a list. */\nexport const answers = Object.entries(byView).map(([view, from]): { view: string; from: FromAnswer<unknown> } => ({ view, from }));\n`,
  };
}
