import { cellChanges } from '@bregma/notebooks/cell-changes';
import { nextStep } from '@bregma/notebooks/in-step';
import { mergeNotebooks } from '@bregma/notebooks/merge';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begin, type Change, change, changed, tokens } from './notebook-changes.ts';

/**
 * A file, and an editor over it as VS Code is one: it refuses to save over a file that is newer than the one it knows, and takes
 * what is written within moments after its own save for what it saved. `look` is what the extension adds.
 */
class Shared {
  disk = begin;
  private time = 1;
  private knownTime = 1;
  private doc = parse(begin);
  private dirty = false;
  private base = begin;
  private made = 0;
  /** Texts that a person gave up by an answer. */
  readonly answered = new Set<string>();
  asked = 0;

  type(how: Change): void {
    this.doc = changed(this.doc, how, `tok${this.made++}x`);
    this.dirty = true;
  }

  agent(how: Change): void {
    this.disk = serialize(changed(parse(this.disk), how, `tok${this.made++}x`));
    this.time++;
  }

  save(meanwhile?: Change): void {
    if (this.knownTime < this.time || !this.dirty) return;
    this.disk = serialize(this.doc);
    this.base = this.disk;
    this.dirty = false;
    this.time++;
    if (meanwhile) this.agent(meanwhile);
    this.knownTime = this.time;
  }

  /** VS Code hears of the change: it reads what it does not know into a notebook without unsaved work. */
  hear(): void {
    if (this.dirty || this.knownTime >= this.time) return;
    this.load();
  }

  look(answer: 'mine' | 'theirs'): string {
    const step = nextStep({ base: this.base, mine: this.doc, disk: this.disk, dirty: this.dirty });
    if (step.is === 'agree') this.base = this.disk;
    if (step.is === 'reload') {
      this.time++;
      this.hear();
    }
    if (step.is === 'merge' || step.is === 'ask') {
      const had = tokens(serialize(this.doc) + this.disk);
      const asked = step.is === 'ask';
      const merged = mergeNotebooks(parse(this.base), this.doc, parse(this.disk), asked ? answer : 'mine').notebook;
      const left = tokens(serialize(merged));
      if (asked) for (const token of had) if (!left.has(token)) this.answered.add(token);
      this.asked += Number(asked);
      this.load();
      this.doc = merged;
      this.dirty = true;
    }
    return step.is;
  }

  private load(): void {
    this.doc = parse(this.disk);
    this.base = this.disk;
    this.dirty = false;
    this.knownTime = this.time;
  }

  lost(): string[] {
    const left = tokens(this.disk);
    return Array.from({ length: this.made }, (_, i) => `tok${i}x`).filter(
      (token) => !left.has(token) && !this.answered.has(token),
    );
  }

  get agrees(): boolean {
    return serialize(this.doc) === this.disk && !this.dirty;
  }
}

describe('a notebook that a person and an agent write', () => {
  const happening = fc.oneof(
    fc.record({ what: fc.constant('type' as const), change }),
    fc.record({ what: fc.constant('agent' as const), change }),
    fc.record({ what: fc.constant('save' as const), meanwhile: fc.option(change, { nil: undefined }) }),
    fc.record({ what: fc.constantFrom('hear' as const, 'look' as const) }),
  );

  test('ends, whatever happened in which order, with one text that has lost nothing which nobody gave up', () => {
    let [asked, merged] = [0, 0];
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 25 }), fc.constantFrom('mine', 'theirs'), (happenings, answer) => {
        const shared = new Shared();
        for (const one of happenings) {
          if (one.what === 'type') shared.type(one.change);
          if (one.what === 'agent') shared.agent(one.change);
          if (one.what === 'hear') shared.hear();
          if (one.what === 'look' && shared.look(answer) === 'merge') merged++;
          if (one.what === 'save') {
            shared.save(one.meanwhile);
            // The file is looked at after each save, before a person can have typed and saved again.
            shared.look(answer);
          }
        }
        for (let rounds = 0; rounds < 3; rounds++) {
          shared.look(answer);
          shared.save();
        }
        asked += shared.asked;
        expect(shared.lost()).toEqual([]);
        expect(shared.agrees).toBe(true);
      }),
      { numRuns: 2000 },
    );
    // The property says little where nothing meets.
    expect(asked).toBeGreaterThan(100);
    expect(merged).toBeGreaterThan(100);
  });

  test('is told to read the file when it has no work of its own, and left alone when only it has', () => {
    const mine = parse(begin);
    const other = begin.replace('SELECT 2', 'SELECT 3');
    const is = (base: string, disk: string, dirty: boolean) => nextStep({ base, mine, disk, dirty }).is;
    expect([is(begin, begin, true), is(begin, other, false), is(other, other, true)]).toEqual([
      'agree',
      'reload',
      'wait',
    ]);
  });

  test('keeps pins that were not saved when an agent writes a cell, and asks when both changed the front matter', () => {
    const mine = { ...parse(begin), frontMatter: '---\ntitle: Shared\nreleases: [a@1]\n---\n' };
    const step = (disk: string) => nextStep({ base: begin, mine, disk, dirty: true });
    const merged = step(begin.replace('SELECT 2', 'SELECT 3'));
    if (merged.is !== 'merge') throw new Error(`It is ${merged.is}.`);
    expect(serialize(merged.notebook)).toContain('releases: [a@1]');
    expect(serialize(merged.notebook)).toContain('SELECT 3');
    expect(step(begin.replace('title: Shared', 'title: Other'))).toMatchObject({
      is: 'ask',
      conflicts: ['what stands before the first cell'],
    });
  });
});

describe('the changes from one list of cells to another', () => {
  const cells = (texts: number[]) => parse(texts.map((n) => `\`\`\`sql\nSELECT ${n}\n\`\`\`\n`).join('\n')).cells;
  const list = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 9 });

  test('lead from the one to the other, whatever they are, and touch as few cells as can be', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const [now, wanted] = [cells(before), cells(after)];
        const { replaced, retyped } = cellChanges(now, wanted);
        const done = [...now];
        for (const { at, text } of retyped) done[at] = { ...done[at], text };
        for (const { from, to, first, last } of replaced.toReversed())
          done.splice(from, to - from, ...wanted.slice(first, last));
        expect(done.map(({ text }) => text)).toEqual(wanted.map(({ text }) => text));
        const kept = now.length - retyped.length - replaced.reduce((sum, { from, to }) => sum + to - from, 0);
        expect(kept).toBe(longestCommon(before, after));
      }),
    );
  });

  test('give a cell the characters that the file now has for the same content', () => {
    const [now, wanted] = [parse('```sql\nSELECT 1\n```\n').cells, parse('~~~sql\nSELECT 1\n~~~\n').cells];
    const respelled = [{ at: 0, raw: '~~~sql\nSELECT 1\n~~~\n' }];
    expect(cellChanges(now, wanted)).toEqual({ replaced: [], respelled, retyped: [] });
  });

  test('are other texts of the same cells where kinds and names stay, and other cells where they do not or a chart is drawn of the text', () => {
    const changes = (before: string, after: string) => cellChanges(parse(before).cells, parse(after).cells);
    const raw = '```sql name=a\nSELECT 2\n```\n';
    expect(changes('```sql name=a\nSELECT 1\n```\n', raw)).toEqual({
      replaced: [],
      respelled: [],
      retyped: [{ at: 0, text: 'SELECT 2', raw }],
    });
    for (const [before, after] of [
      ['```sql name=a\nSELECT 1\n```\n', '```sql name=b\nSELECT 2\n```\n'],
      ['```sql name=a\nSELECT 1\n```\n', '```bregma name=a\nSELECT 2\n```\n'],
      ['```plot name=a\ndata: b\n```\n', '```plot name=a\ndata: c\n```\n'],
    ])
      expect(changes(before, after)).toMatchObject({ replaced: [{ from: 0, to: 1, first: 0, last: 1 }], retyped: [] });
  });
});

function longestCommon(a: number[], b: number[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const [x, y] = [a.slice(1), b.slice(1)];
  return a[0] === b[0] ? 1 + longestCommon(x, y) : Math.max(longestCommon(x, b), longestCommon(a, y));
}
