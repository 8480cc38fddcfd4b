// What is wrong on purpose: one change of one place of a source file each.
import { parseSync, visitorKeys } from 'oxc-parser';

/** One change: `source` with the characters from `start` to `end` replaced. Offsets are those of a JavaScript string. */
export interface Mutant {
  start: number;
  end: number;
  to: string;
  /** What kind of change it is, for the table: "comparison", "removed refusal" … */
  what: string;
  line: number;
}

interface Node {
  type: string;
  start: number;
  end: number;
  // biome-ignore lint/suspicious/noExplicitAny: members differ by type; each rule below reads those of its own
  [member: string]: any;
}

const binary: Record<string, string> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
};
const logical: Record<string, string> = { '&&': '||', '||': '&&', '??': '&&' };
const methods: Record<string, string> = {
  every: 'some',
  some: 'every',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  find: 'findLast',
  findLast: 'find',
  findIndex: 'findLastIndex',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};
/** Calls that give back what they are called on, but for what they leave out or turn. */
const passing = new Set(['filter', 'reverse', 'sort', 'trim', 'toLowerCase']);

/** Every mutant of a TypeScript source, in the order of the file. Types, imports and the words of errors stay as they are. */
export function mutantsOf(source: string, file: string): Mutant[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const found: Mutant[] = [];
  const text = (node: Node) => source.slice(node.start, node.end);
  const add = (node: { start: number; end: number }, to: string, what: string) =>
    found.push({ start: node.start, end: node.end, to, what, line: lineAt(source, node.start) });
  walk(program as unknown as Node, (node) => {
    for (const rule of rules) rule(node, { text, add, source });
  });
  return found.sort((a, b) => a.start - b.start || a.to.length - b.to.length);
}

interface Seen {
  source: string;
  text(node: Node): string;
  add(node: { start: number; end: number }, to: string, what: string): void;
}

const rules: ((node: Node, seen: Seen) => void)[] = [
  (node, { text, add, source }) => {
    if (node.type !== 'BinaryExpression' && node.type !== 'LogicalExpression') return;
    const to = node.type === 'LogicalExpression' ? logical[node.operator] : binary[node.operator];
    if (to === undefined || (node.operator === '+' && [node.left, node.right].some(isText))) return;
    const between = source.indexOf(node.operator, node.left.end);
    if (between < 0 || between >= node.right.start) return;
    const what =
      node.type === 'LogicalExpression' ? 'logic' : /[<>=]/.test(node.operator) ? 'comparison' : 'arithmetic';
    // Mixed with ?? it would not parse: the whole is put in brackets.
    add(node, `((${text(node.left)}) ${to} (${text(node.right)}))`, what);
  },
  (node, { text, add }) => {
    if (node.type !== 'UnaryExpression' || (node.operator !== '!' && node.operator !== '-')) return;
    add(node, text(node.argument), node.operator === '!' ? 'removed negation' : 'sign');
  },
  (node, { add, text }) => {
    if (node.type !== 'CallExpression') return;
    const { callee } = node;
    if (callee.type === 'MemberExpression' && !callee.computed) {
      const name: string = callee.property.name;
      if (Object.hasOwn(methods, name)) add(callee.property, methods[name], `${name} for ${methods[name]}`);
      if (passing.has(name)) add(node, text(callee.object), `removed ${name}`);
    }
    const [first, second] = node.arguments as Node[];
    if (
      first &&
      second &&
      text(first) !== text(second) &&
      !isLiteral(first) &&
      !isFunction(first) &&
      !isFunction(second)
    )
      add({ start: first.start, end: second.end }, `${text(second)}, ${text(first)}`, 'swapped arguments');
  },
  (node, { add }) => {
    if (node.type !== 'Literal') return;
    if (typeof node.value === 'number') add(node, String(node.value + 1), 'constant');
    if (typeof node.value === 'boolean') add(node, String(!node.value), 'constant');
  },
  (node, { add, text }) => {
    if (node.type === 'ConditionalExpression')
      add(node, `((${text(node.test)}) ? (${text(node.alternate)}) : (${text(node.consequent)}))`, 'swapped branches');
    if (node.type === 'IfStatement')
      add(node.test, 'false', /Throw/.test(bodyType(node.consequent)) ? 'removed refusal' : 'removed branch');
    if (node.type === 'ExpressionStatement' && !node.directive) add(node, ';', 'removed statement');
  },
  (node, { add, source }) => {
    if (node.type !== 'ObjectExpression' || node.properties.length < 2) return;
    for (const property of node.properties as Node[]) {
      const comma = source.slice(property.end).match(/^\s*,/)?.[0].length ?? 0;
      add({ start: property.start, end: property.end + comma }, '', 'removed member');
    }
  },
];

const isText = ({ type, value }: Node) =>
  type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');
const isLiteral = ({ type }: Node) => type === 'Literal' || type === 'TemplateLiteral';
const isFunction = ({ type }: Node) => /Function/.test(type);

/** Type of the statement that an `if` leads to, the last one of a block. */
function bodyType(node: Node): string {
  return node.type === 'BlockStatement' ? (node.body.at(-1)?.type ?? '') : node.type;
}

/** Visits what runs: no types, no imports, no words of errors that are thrown, no forms (`z.object({…})`: their members are names). */
function walk(node: Node, visit: (node: Node) => void): void {
  if (/^TS(?!As|NonNull|Satisfies)|^Import/.test(node.type) || node.type === 'ThrowStatement') return;
  if (node.type === 'ExportNamedDeclaration' && node.exportKind === 'type') return;
  visit(node);
  for (const key of visitorKeys[node.type] ?? []) {
    if (key === 'typeAnnotation' || key === 'returnType' || key === 'typeParameters' || key === 'typeArguments')
      continue;
    for (const child of [node[key]].flat()) if (child && typeof child.type === 'string') walk(child, visit);
  }
}

function lineAt(source: string, at: number): number {
  let line = 1;
  for (let i = source.indexOf('\n'); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) line++;
  return line;
}

/** The file with one mutant in it. */
export function mutated(source: string, { start, end, to }: Mutant): string {
  return source.slice(0, start) + to + source.slice(end);
}

/** "core/src/x.ts | if (a < b) return; | comparison": how the list of equivalents names a mutant, whatever line it is on. */
export function nameOf(file: string, source: string, { start, end, to, what }: Mutant): string {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const until = source.indexOf('\n', start);
  const line = source.slice(from, until < 0 ? source.length : until).trim();
  const short = (words: string) => words.replace(/\s+/g, ' ').trim().slice(0, 60);
  return `${file} | ${line} | ${what}: ${short(source.slice(start, end))} → ${short(to) || 'nothing'}`;
}
