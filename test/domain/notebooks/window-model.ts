import { broughtBack } from '@bregma/notebooks/brought-back';
import {
  type DiskEffect,
  type DiskEvent,
  type DiskState,
  diskStep,
  type Moved,
  newDiskState,
  type Turn,
} from '@bregma/notebooks/disk-state';
import type { Notebook } from '@bregma/notebooks/document';
import { Meanwhile } from '@bregma/notebooks/meanwhile';
import { mergeNotebooks } from '@bregma/notebooks/merge';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { begin, type Change, changed, tokens } from './notebook-changes.ts';

/** As long a file that is being written is empty, ms. */
const tornMs = 30;

/**
 * A file, VS Code over it, a person, an agent and git, on a clock of its own. VS Code refuses to save over a file that is newer
 * than the one it knows, takes what is written within moments after its own save for what it saved, drops what is done
 * to a notebook while it reads, and does not tell an extension that a notebook is unsaved which was restored or moved.
 */
export class Window {
  inFront = true;
  readonly met = { merges: 0, questions: 0, touches: 0, restored: 0 };
  private disk: string | undefined = begin;
  private changedAtMs = 1;
  private knownAtMs = 1;
  private doc: Notebook = parse(begin);
  private savedText = begin;
  private dirty = false;
  private toldDirty = false;
  /** Somebody is about to write into the file, which is empty. */
  private torn = false;
  private stashed: string | undefined;
  /** What is to be merged, from when it is decided: VS Code may reload the file before. */
  private unmerged: { meanwhile: Meanwhile; said: string } | undefined;
  private reading = 0;
  private carrying = false;
  private state: DiskState = newDiskState(this.doc, 0);
  private session = 0;
  private waiting = 0;
  private nowMs = 10_000;
  private queue: { atMs: number; run(): void }[] = [];
  private readonly reads: string[] = [];
  private lastTyped: { before: Notebook; after: Notebook; token: string } | undefined;
  private made = 0;
  private readonly person: string[] = [];
  /** Texts that a person gave up by an answer or an undo, and saved ones that somebody took out of the file. */
  private readonly givenUp = new Set<string>();
  /** Texts that an effect is about to put back. */
  private readonly returning = new Set<string>();
  private readonly answer: 'mine' | 'theirs' | 'later';
  private readonly latencyMs: () => number;

  constructor(answer: 'mine' | 'theirs' | 'later', latencyMs: () => number) {
    this.answer = answer;
    this.latencyMs = latencyMs;
    this.begin();
  }

  type(how: Change): void {
    const token = `tok${this.made++}x`;
    this.person.push(token);
    // No cell stands for the front matter: a command changes it, which a person cannot give at that very moment.
    const busy = () => this.carrying || this.returning.size > 0 || this.reading > 0;
    for (let waits = 0; how.how === 'front' && busy() && waits < 10; waits++) this.pass(100);
    const before = this.doc;
    this.edit(changed(before, how, token), how.how === 'append');
    this.lastTyped = { before, after: this.doc, token };
  }

  /** A person takes back what was typed last, where nothing has happened since. */
  undo(): void {
    if (!this.lastTyped || this.lastTyped.after !== this.doc) return;
    this.givenUp.add(this.lastTyped.token);
    this.edit(this.lastTyped.before, true);
    this.dirty = serialize(this.doc) !== this.savedText;
    this.toldDirty = this.dirty;
  }

  agent(how: Change): void {
    this.untorn();
    if (this.disk !== undefined) this.write(serialize(changed(parse(this.disk), how, `tok${this.made++}x`)));
  }

  /** An agent writes as most programs do: the file is empty for a moment, in which VS Code may read it. */
  agentTears(how: Change): void {
    this.untorn();
    if (this.disk === undefined) return;
    const whole = serialize(changed(parse(this.disk), how, `tok${this.made++}x`));
    const held = [...tokens(this.disk)].filter((token) => !this.returning.has(token));
    for (const token of held) this.returning.add(token);
    this.write('');
    this.torn = true;
    this.queue.push({
      atMs: this.nowMs + tornMs,
      run: () => {
        for (const token of held) this.returning.delete(token);
        this.torn = false;
        this.write(whole);
      },
    });
  }

  /** Git puts the first text in place of the file's. */
  checkout(): void {
    this.untorn();
    this.giveUpFile();
    this.write(begin);
  }

  /** Git lays what the file says aside, and puts the first text in its place. */
  stash(): void {
    this.untorn();
    if (this.disk === undefined || this.stashed !== undefined) return;
    this.stashed = this.disk;
    this.write(begin);
  }

  /** Git puts back what it laid aside, where nobody has changed the file since. */
  pop(): void {
    this.untorn();
    if (this.stashed === undefined || this.disk !== begin) return;
    this.write(this.stashed);
    this.stashed = undefined;
  }

  remove(): void {
    this.untorn();
    this.giveUpFile();
    this.disk = undefined;
  }

  save(meanwhile?: Change): void {
    this.untorn();
    // VS Code saves under the new name only what it has finished to move there.
    if (this.carrying) this.pass(100);
    if (!this.dirty || (this.disk !== undefined && this.knownAtMs < this.changedAtMs)) return;
    const text = serialize(this.doc);
    this.tell({ is: 'wrote', text });
    this.write(text);
    Object.assign(this, { dirty: false, toldDirty: false, savedText: text });
    if (meanwhile) this.agent(meanwhile);
    this.knownAtMs = this.changedAtMs;
    this.tell({ is: 'saved', mine: this.doc, dirty: false });
  }

  /** VS Code opens the notebook under another name, or in a new window: unsaved work goes with it. */
  open(how: 'moved' | 'restored'): void {
    // An edit that has begun is done before.
    while (this.returning.size > 0) this.pass(100);
    if (this.disk === undefined) return;
    const mine = this.doc;
    const carries = this.dirty && how === 'moved';
    if (!this.dirty || carries) {
      this.doc = parse(this.disk);
      Object.assign(this, { dirty: false, knownAtMs: this.changedAtMs, savedText: this.disk });
    }
    this.begin(how === 'moved' ? { state: this.state, mine } : undefined);
    if (carries) this.carry(mine);
  }

  comeBack(): void {
    this.inFront = true;
    this.tell({ is: 'shown' });
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      this.queue.sort((a, b) => a.atMs - b.atMs);
      if (!this.queue[0] || this.queue[0].atMs > end) break;
      const next = this.queue.shift();
      this.nowMs = next?.atMs ?? end;
      next?.run();
    }
    this.nowMs = end;
  }

  /** A person comes back, and saves what can be saved. */
  settle(): void {
    for (let round = 0; round < 3; round++) {
      this.comeBack();
      this.pass(3000);
      this.save();
    }
    this.pass(3000);
  }

  /** What a person typed and nobody gave up, and is nowhere. */
  lost(): string[] {
    const there = tokens(`${serialize(this.doc)}${this.disk ?? ''}${this.stashed ?? ''}${this.unmerged?.said ?? ''}`);
    return this.kept().filter((token) => !there.has(token) && !this.returning.has(token));
  }

  /** What a person typed that would be gone when the notebook is closed, for VS Code takes it for saved. */
  unsavedUnsaid(): string[] {
    if (this.dirty || this.disk === undefined) return [];
    const saved = tokens(`${this.disk}${this.stashed ?? ''}`);
    return this.kept().filter((token) => !saved.has(token));
  }

  private kept = () => this.person.filter((token) => !this.givenUp.has(token));

  /** Who writes into a file waits until another has. */
  private untorn(): void {
    if (this.torn) this.pass(tornMs);
  }

  private giveUpFile(): void {
    for (const token of tokens(this.disk ?? '')) this.givenUp.add(token);
  }

  private begin(moved?: Moved): void {
    this.session++;
    Object.assign(this, { reading: 0, carrying: false, toldDirty: false, unmerged: undefined });
    this.state = newDiskState(this.doc, this.nowMs, moved);
    this.sawText(serialize(this.doc));
    this.later(this.latencyMs(), () => {
      this.tell({ is: 'opened', disk: this.disk });
      this.met.restored += Number(this.state.restored);
    });
  }

  /** VS Code reads the file under its new name, and then puts the unsaved work in its place. */
  private carry(mine: Notebook): void {
    const carried = tokens(serialize(mine));
    this.carrying = true;
    for (const token of carried) this.returning.add(token);
    this.later(this.latencyMs(), () => {
      for (const token of carried) this.returning.delete(token);
      this.carrying = false;
      this.sawText(serialize(mine));
      this.reading = 0;
      this.edit(parse(serialize(mine)), false);
    });
  }

  private sawText(text: string): void {
    if (this.reads.unshift(text) > 8) this.reads.pop();
  }

  private write(text: string): void {
    this.disk = text;
    this.stamp();
  }

  /** The file gets a new time of change, of which VS Code and the extension hear. */
  private stamp(): void {
    this.changedAtMs = Math.max(this.changedAtMs + 1, this.nowMs);
    // Both hear from one watcher.
    this.later(this.latencyMs(), () => {
      this.tell({ is: 'heard', dirty: this.toldDirty });
      if (this.dirty || this.knownAtMs >= this.changedAtMs) return;
      const reading = this.nowMs;
      this.reading = reading;
      this.later(this.latencyMs(), () => this.reading === reading && this.load());
    });
  }

  private load(): void {
    if (this.disk === undefined) return;
    Object.assign(this, { dirty: false, toldDirty: false, savedText: this.disk, reading: 0 });
    this.knownAtMs = this.changedAtMs;
    this.sawText(this.disk);
    this.doc = parse(this.disk);
    this.tellChanged(false);
  }

  private edit(doc: Notebook, inside: boolean): void {
    this.doc = doc;
    this.dirty = true;
    this.tellChanged(inside);
    // VS Code says what was typed before it says that a notebook is unclean.
    this.toldDirty = true;
  }

  private tellChanged(inside: boolean): void {
    const loaded = this.reads.includes(serialize(this.doc));
    this.unmerged?.meanwhile.changed(this.doc, loaded);
    if (this.unmerged) this.unmerged.said += serialize(this.doc);
    this.tell({ is: 'changed', mine: this.doc, dirty: this.toldDirty, inside, loaded });
  }

  private later(ms: number, run: () => void): void {
    const { session } = this;
    this.queue.push({ atMs: this.nowMs + ms, run: () => session === this.session && run() });
  }

  private tell(event: DiskEvent): void {
    const [state, effects] = diskStep(this.state, event, this.nowMs);
    this.state = state;
    for (const effect of effects) this.act(effect);
  }

  private act(effect: DiskEffect): void {
    switch (effect.do) {
      case 'look':
        for (const ms of effect.afterMs) this.later(ms, () => this.tell({ is: 'look' }));
        break;
      case 'wait': {
        const waiting = ++this.waiting;
        this.later(effect.ms, () => waiting === this.waiting && this.tell({ is: 'due' }));
        break;
      }
      case 'find':
        this.later(this.latencyMs(), () => this.found());
        break;
      case 'findAgain':
        this.later(effect.afterMs, () => this.tell({ is: 'foundAgain', was: effect.was, disk: this.disk }));
        break;
      case 'touch':
        this.met.touches++;
        if (this.disk !== undefined) this.stamp();
        break;
      case 'ask':
        this.met.questions++;
        if (this.answer !== 'later')
          this.later(200, () => this.tell({ is: 'answered', answer: this.answer, disk: this.disk }));
        break;
      case 'merge':
        this.unmerged = { meanwhile: new Meanwhile(this.doc), said: serialize(this.doc) };
        this.later(this.latencyMs(), () => this.merge(effect));
        break;
      case 'turn':
        this.turn(effect);
    }
  }

  private found(): void {
    const { disk, changedAtMs, doc: mine, toldDirty: dirty, inFront } = this;
    const seen = disk !== undefined && this.reads.includes(disk);
    this.tell({ is: 'found', found: { disk, changedAtMs, mine, dirty, inFront, seen } });
  }

  private merge(effect: Extract<DiskEffect, { do: 'merge' }>): void {
    // The file is read until it is whole.
    if (this.torn) {
      this.later(tornMs, () => this.merge(effect));
      return;
    }
    const { base, chosen } = effect;
    const { disk, unmerged } = this;
    this.unmerged = undefined;
    if (disk === undefined || !unmerged) {
      this.tell({ is: 'failed' });
      return;
    }
    this.met.merges += Number(chosen === undefined);
    if (chosen) this.inFront = true;
    const theirs = parse(disk);
    const { notebook, conflicts } = unmerged.meanwhile.over(parse(base), theirs, chosen ?? 'mine');
    const had = tokens(unmerged.said);
    const left = tokens(serialize(notebook));
    // Who answers gives up what the other side has in those places.
    if (chosen) for (const token of [...had, ...tokens(disk)]) if (!left.has(token)) this.givenUp.add(token);
    if (this.inFront) this.revert(theirs, disk);
    if (serialize(notebook) !== serialize(this.doc)) this.edit(notebook, false);
    const behind = !this.inFront;
    this.tell({ is: 'merged', theirs: disk, conflicts, behind, chosen: chosen !== undefined });
  }

  private revert(theirs: Notebook, text: string): void {
    Object.assign(this, { doc: theirs, dirty: false, toldDirty: false, savedText: text, reading: 0 });
    this.knownAtMs = this.changedAtMs;
    this.sawText(text);
    this.tellChanged(false);
  }

  private turn(effect: Turn): void {
    const tokensBack = tokens(serialize(effect.into) + serialize(effect.dropped?.typed ?? effect.into));
    for (const token of tokensBack) this.returning.add(token);
    const turn = () => {
      // The file is read until it is whole.
      if (this.torn) return this.later(tornMs, turn);
      for (const token of tokensBack) this.returning.delete(token);
      const read = this.reads.includes(serialize(this.doc)) ? this.doc : undefined;
      const { from, into, base } = broughtBack(effect, read, this.disk);
      this.edit(mergeNotebooks(from, this.doc, into, 'both').notebook, false);
      this.tell({ is: 'turned', mine: this.doc, base });
    };
    this.later(this.latencyMs(), turn);
  }
}
