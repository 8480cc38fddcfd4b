import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../fixtures/client.ts';
import type { Rule, Source } from './rules.ts';
import { lineAt, type Part, parsed } from './syntax.ts';

const product = /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && 'type' in value;
const textOf = ({ text }: Source, part: unknown) => (isPart(part) ? text.slice(part.start, part.end) : '');
const listOf = (value: unknown): Part[] => (Array.isArray(value) ? value.filter(isPart) : []);
const where = ({ file, text }: Source, part: Part) => `${file}:${lineAt(text, part.start)}`;

/** Parts of a file of these types that are wrong, by file and line. */
const wrong = (source: Source, types: string[], is: (part: Part) => boolean): string[] =>
  parsed(source)
    .parts.filter((part) => types.includes(part.type) && is(part))
    .map((part) => where(source, part));

/** True for `new BregmaError('unknown-name', …)` that does not say in its fields which name it is. */
function isNamelessError(source: Source, part: Part): boolean {
  if (textOf(source, part.callee) !== 'BregmaError') return false;
  const [code, , options] = listOf(part.arguments);
  return (
    code?.value === 'unknown-name' &&
    !listOf(options?.properties).some((property) => textOf(source, property.key) === 'fields')
  );
}

const kindNames = new Set(
  readdirSync(path.join(root, 'mcp-servers/twin/src/kinds'))
    .filter((file) => file !== 'kind.ts' && !file.endsWith('.gen.ts'))
    .map((file) => path.basename(file, '.ts')),
);
const nothing = ['undefined', 'null'];

/** True for a part that asks which family a twin is of, or which kind it is by its name. */
function asksFamily(source: Source, part: Part): boolean {
  if (part.type === 'SwitchStatement')
    return /\bfamily$/.test(textOf(source, part.discriminant)) || cases(part).some(isKindName);
  const sides = part.type === 'CallExpression' ? listOf(part.arguments) : [part.left, part.right];
  if (part.type === 'CallExpression' && !/\.(includes|has|startsWith|test)$/.test(textOf(source, part.callee)))
    return false;
  if (part.type === 'BinaryExpression' && !/^[!=]==?$/.test(String(part.operator))) return false;
  if (sides.some((side) => nothing.includes(textOf(source, side)))) return false;
  return sides.some((side) => /\.family$/.test(textOf(source, side)) || isKindName(side));
}

/** True for a call that makes text, or fewer digits, of a number. */
function writesNumber(source: Source, part: Part): boolean {
  const callee = textOf(source, part.callee);
  if (/\bIntl\.NumberFormat$|\.(toFixed|toPrecision|toExponential)$/.test(callee)) return true;
  // A moment is written with options of its own.
  const [language, options] = listOf(part.arguments);
  return /\.toLocaleString$/.test(callee) && language?.value !== undefined && options === undefined;
}

const isKindName = (part: unknown) => isPart(part) && typeof part.value === 'string' && kindNames.has(part.value);
const cases = (part: Part) => listOf(part.cases).map((one) => one.test);

/** Names of exported functions and types of a file that no comment describes. */
function undescribed(source: Source): string[] {
  return wrong(source, ['ExportNamedDeclaration', 'ExportDefaultDeclaration'], (part) => {
    const { declaration } = part;
    if (!isPart(declaration)) return false;
    const isFunction = listOf(declaration.declarations).some(
      ({ init }) => isPart(init) && /^(Arrow)?Function/.test(init.type),
    );
    if (!isFunction && !/Function|Class|Interface|TypeAlias/.test(declaration.type)) return false;
    const before = source.text.slice(0, part.start).trimEnd();
    const described = before.endsWith('*/') || /^\s*\/\/[^\n]*$/.test(before.slice(before.lastIndexOf('\n') + 1));
    // A type that is inferred from the constant above it is described there.
    return !described && !/z\.(infer|output|input)</.test(textOf(source, part));
  });
}

/** The rules that hold by what a file says, whatever its manner of writing. */
export const syntaxRules: Rule[] = [
  {
    says: 'an error about a name that is not there carries that name as a field',
    about: product,
    broken: (source) => wrong(source, ['NewExpression'], (part) => isNamelessError(source, part)),
    breaks: {
      file: 'core/src/ledger/find.ts',
      text: "throw new BregmaError('unknown-name', 'No such plan.', { next: 'Call find_records.' });",
    },
  },
  {
    says: 'nobody asks which family or which kind a twin is of, outside the folder of that family',
    about:
      /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/(atlas|lab))\/src\/|^mcp-servers\/twin\/src\/(?!(kinds|encoding|spiking|causal|propagation|linear|onnx)\/)/,
    broken: (source) =>
      wrong(source, ['BinaryExpression', 'SwitchStatement', 'CallExpression'], (part) => asksFamily(source, part)),
    breaks: { file: 'mcp-servers/twin/src/tools/run-twin.ts', text: "if ('encoding' == kind.family) fit();" },
  },
  {
    says: 'numbers are cut short and become text in core/src/numbers.ts alone',
    about:
      /^(?!core\/src\/numbers\.ts)(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//,
    broken: (source) => wrong(source, ['CallExpression', 'NewExpression'], (part) => writesNumber(source, part)),
    breaks: { file: 'webviews/src/card/view.tsx', text: 'const short = (value: number) => value.toFixed(3);' },
  },
  {
    says: 'every exported function and type says what it is',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//,
    broken: undescribed,
    breaks: { file: 'core/src/version.ts', text: '\nexport const version = () => 1;' },
  },
];

/** Other ways in which the same is done, which a rule must see as well. */
export const alsoRefused: Record<string, Source[]> = {
  'numbers are cut short and become text in core/src/numbers.ts alone': [
    { file: 'cli/src/main.ts', text: "say(rows.toLocaleString('en'), 'rows');" },
    { file: 'extension/src/words.ts', text: "const say = new Intl.NumberFormat('en');" },
    { file: 'mcp-servers/lab/src/domain/power.ts', text: 'const size = Number(effect?.toPrecision(3));' },
  ],
  'nobody asks which family or which kind a twin is of, outside the folder of that family': [
    { file: 'mcp-servers/twin/src/tools/run-twin.ts', text: 'switch (kind.family) { case "spiking": run(); }' },
    { file: 'mcp-servers/twin/src/tools/run-twin.ts', text: "if (['a', 'b'].includes(twin.kind.family)) run();" },
    { file: 'webviews/src/card/view.ts', text: "const isSpiking = twin.kind === 'lif-connectome';" },
    { file: 'mcp-servers/lab/src/domain/run.ts', text: "switch (card.kind) { case 'encoding-ridge': run(); }" },
  ],
};
