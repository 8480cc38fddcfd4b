import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Question } from '@bregma/core/contracts/question';
import { tableMetricNames } from '@bregma/core/questions/analyse';
import { tableTests } from '@bregma/core/table-tests/index.gen';
import { readYaml } from '@bregma/notebooks/yaml';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { commands } from '../../cli/src/commands/index.gen.ts';
import { tools as ofAtlas } from '../../mcp-servers/atlas/src/tools/index.gen.ts';
import { tools as ofLab } from '../../mcp-servers/lab/src/tools/index.gen.ts';
import { tools as ofTwin } from '../../mcp-servers/twin/src/tools/index.gen.ts';
import { root } from '../fixtures/client.ts';

const loaded = await Promise.all([...ofAtlas, ...ofTwin, ...ofLab].map(({ load }) => load()));
const argumentsOf = new Map(loaded.map(({ name, input }) => [name, Object.keys(input.shape)]));

const skills = globSync('skills/*/*/SKILL.md', { cwd: root }).map((file) => ({
  skill: path.basename(path.dirname(file)),
  /** What stands between single backticks. */
  code: [...readFileSync(path.join(root, file), 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, one]) => one),
}));

/** An example as it is written: `{kind: "x", data}`, names without quotes, … for what is left to the reader. */
// SAFETY: what is passed begins with a brace.
const example = (text: string) => readYaml(text, text) as Record<string, unknown>;
const keysOf = (text: string) => Object.keys(example(text)).filter((key) => key !== '…');

/** Options of kinds, drivers and views are no arguments of a tool: their names stand in the sources. */
const sources = ['mcp-servers/*/src/**/*.ts', 'webviews/src/**/*.ts']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((file) => readFileSync(path.join(root, file), 'utf8'))
  .join('\n');

describe.each(skills)('$skill', ({ code }) => {
  test('calls tools that there are, with arguments that they take', () => {
    for (const one of code) {
      const [, tool, given] = /^([a-z]+_[a-z]+) (\{.*\})$/.exec(one) ?? [];
      if (tool) expect(argumentsOf.get(tool), one).toEqual(expect.arrayContaining(keysOf(given)));
    }
  });

  test('names nothing in the manner of a tool, a metric or an option that no source knows', () => {
    const known = new Set([...argumentsOf.keys(), ...[...argumentsOf.values()].flat(), ...tableMetricNames]);
    const unknown = code.filter(
      (one) => /^[a-z]+(_[a-z]+)+$/.test(one) && !known.has(one) && !new RegExp(`\\b${one}\\b`).test(sources),
    );
    expect(unknown).toEqual([]);
  });

  test('asks questions that can be read, of tests that have a page', () => {
    for (const one of code) {
      if (/^\{"?metric"?:/.test(one))
        expect(() => z.strictObject(Question.shape).parse(example(one)), one).not.toThrow();
      if (/^\{by:/.test(one)) expect(() => Question.shape.judge.parse(example(one)), one).not.toThrow();
      const [, page] = /^(?:bregma:\/\/test)?\/([a-z-]+)$/.exec(one) ?? [];
      if (page) expect(tableTests.map(({ name }) => name)).toContain(page);
    }
  });

  test('tells of commands that there are', () => {
    const names = commands.map(({ name }) => name);
    for (const one of code) {
      const [, command] = /^bregma ([a-z]+)/.exec(one) ?? [];
      if (command) expect(names, one).toContain(command);
    }
  });
});
