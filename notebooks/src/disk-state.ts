import type { Notebook } from './document.ts';
import { nextStep, type Step } from './in-step.ts';
import { mergeNotebooks } from './merge.ts';
import { parse } from './parse.ts';
import { serialize } from './serialize.ts';

/** This long without typing before the two versions are merged, ms. */
const quietMs = 350;
/** A file that says the same after this long is whole, ms. */
export const wholeMs = 40;
/** After a save the file is looked at so often, ms: what was written right after it VS Code takes for what it saved itself. */
const looksAfterSaveMs = [0, 150, 600, 1500];
/** This long after a save VS Code may take a file that it has not read for its own, ms. */
const doubtMs = 2500;
/** VS Code gets this long to begin to read a file of which it has heard, right after a save and else, ms. */
const readingMs = { doubtful: 150, sure: 1000 };
/** It hears of a change within this time, and is told at most so often of one text. */
const hearingMs = 700;
const mostTold = 4;
/** A look that failed is tried again so often: VS Code may be in the middle of something. */
const mostFailures = 8;
/** So many of the editor's own texts are known again. */
const mostOwn = 8;

/** What is known of an open notebook and its file. Times are of one clock, ms. */
export interface DiskState {
  /** The text that both sides started from, which some file has held; undefined: not known. */
  base?: string;
  /** What the editor wrote last, into the file or into a backup. */
  written?: string;
  /** Texts that may be of the editor's own making, newest first: backups, and what it carries to another name. Reading one tells nothing of the file. */
  own: string[];
  /** As far as is known it was opened with another text than its file's: work of the last session, or from under another name. */
  restored: boolean;
  /** What such a notebook said when it was opened. The file may also have been written between VS Code's reading and ours. */
  opening: { text: string; atMs: number };
  /** Unsaved work that VS Code moves with the notebook, and the text that it started from. */
  carried?: { text: string; base: string };
  typedAtMs: number;
  savedAtMs: number;
  /** When VS Code last heard that the file was changed. */
  heardAtMs: number;
  /** What the notebook said after a person typed, until anything else changes. */
  typed?: Notebook;
  /** A look is due. */
  waiting: boolean;
  /** How often looking has failed, one time after the other. */
  failures: number;
  /** A look is going on, or a person is asked; `again`: something happened meanwhile. */
  busy: boolean;
  again: boolean;
  /** The notebook says something else than at that look. */
  outdated?: boolean;
  /** The newest text that VS Code did not load: since when, and when and how often it was told. */
  unread: { text: string; sinceMs: number; told: number; toldAtMs: number };
  /** The text of which VS Code was told so that it does not write over it. */
  guarded?: string;
  /** The file was merged in behind another editor: VS Code has to reload it before the notebook can be saved. */
  behind: boolean;
  /** The file is being reloaded under unsaved work, which is then put on top. */
  merging: boolean;
}

/** How a notebook and its file were found, at one moment. */
interface Found {
  /** What the file says; undefined: there is none, or it cannot be read. */
  disk: string | undefined;
  /** When the file was changed last, ms. */
  changedAtMs: number;
  mine: Notebook;
  /** The editor says that it holds unsaved work. */
  dirty: boolean;
  inFront: boolean;
  /** VS Code has read this very text of the file lately. */
  seen: boolean;
}

/** What happened to a notebook or its file, or what came of an effect. */
export type DiskEvent =
  /** The file of a notebook that was just opened says this. */
  | { is: 'opened'; disk: string | undefined }
  /** The file was written, by whomever. */
  | { is: 'heard'; dirty: boolean }
  | { is: 'wrote'; text: string }
  | { is: 'saved'; mine: Notebook; dirty: boolean }
  /**
   * inside: in the text of a cell. loaded: it is a file's text that VS Code has just read; all else was done in the window. over:
   * there was something unsaved already when VS Code read it, which it does only where a person reverts.
   */
  | { is: 'changed'; mine: Notebook; dirty: boolean; inside: boolean; loaded: boolean; over?: boolean }
  | { is: 'shown' }
  /** The wait is over. */
  | { is: 'due' }
  /** A look for its own sake. */
  | { is: 'look' }
  /** found: undefined when the notebook is gone. */
  | { is: 'found'; found?: Found }
  /** was: as it was found a moment before. */
  | { is: 'foundAgain'; was: Found; disk: string | undefined }
  | { is: 'answered'; answer: 'mine' | 'theirs' | 'later'; disk: string | undefined }
  /** theirs: the file's text as it was merged in. behind: the editor was not in front, so that VS Code has not read the file. */
  | { is: 'merged'; theirs: string; conflicts: string[]; behind: boolean; chosen: boolean }
  /** What was brought back stands in the notebook, where VS Code may still drop it. base: as `broughtBack` says. */
  | { is: 'turned'; mine: Notebook; base?: string }
  | { is: 'failed' };

/** What is to be done. Each but `touch` is answered by an event, and a failure by `failed`. */
export type DiskEffect =
  | { do: 'look'; afterMs: number[] }
  | { do: 'wait'; ms: number }
  | { do: 'find' }
  | { do: 'findAgain'; was: Found; afterMs: number }
  /** Gives the file a time of change that VS Code has not seen: it then reads it, and does not write over it. */
  | { do: 'touch' }
  | { do: 'ask'; conflicts: string[] }
  /** chosen: whose part is kept where both changed the same. */
  | { do: 'merge'; base: string; disk: string; chosen?: 'mine' | 'theirs' }
  | Turn;

/** Brings back what VS Code dropped. */
export interface Turn {
  do: 'turn';
  from: Notebook;
  into: Notebook;
  /** `from` is what VS Code read of the file: what was dropped, and the text from which it started. */
  dropped?: { start: string; typed: Notebook };
}

type Next = [DiskState, DiskEffect[]];

/** What is known of a notebook while it gets another name: VS Code opens the file there, and then puts the unsaved work in its place. */
export interface Moved {
  state: DiskState;
  mine: Notebook;
}

/** A notebook that was just opened. moved: what was known of it under the name that it had. */
export function newDiskState(mine: Notebook, nowMs: number, moved?: Moved): DiskState {
  const text = serialize(mine);
  const opened: DiskState = { own: [text], opening: { text, atMs: nowMs }, ...rested };
  if (!moved) return opened;
  const carried = serialize(moved.mine);
  const own = [text, carried, ...moved.state.own].slice(0, mostOwn);
  // Under another name VS Code first shows what the file says.
  const base = carried === text ? moved.state.base : text;
  return { ...opened, base, own, carried: { text: carried, base: moved.state.base ?? text } };
}

const rested = {
  restored: true,
  typedAtMs: 0,
  savedAtMs: 0,
  heardAtMs: 0,
  waiting: false,
  failures: 0,
  busy: false,
  again: false,
  unread: { text: '', sinceMs: 0, told: 0, toldAtMs: 0 },
  behind: false,
  merging: false,
};

/**
 * What becomes of a notebook and its file by an event, and what is to be done. VS Code reloads a clean notebook by itself, unless
 * the file was written within milliseconds after its own save: then it is told. It leaves an unclean one alone, so that saving
 * would overwrite what an agent wrote meanwhile: then both are merged.
 */
export function diskStep(state: DiskState, event: DiskEvent, nowMs: number): Next {
  switch (event.is) {
    case 'opened':
      return [opened(state, event.disk), []];
    case 'heard':
      return heard({ ...state, heardAtMs: nowMs }, event.dirty);
    case 'wrote':
      return [{ ...state, written: event.text, own: [event.text, ...state.own].slice(0, mostOwn) }, []];
    case 'saved':
      return saved(state, event, nowMs);
    case 'changed':
      return changed({ ...state, outdated: true }, event, nowMs);
    case 'shown':
      return soon(state);
    case 'look':
      return lookNow(state);
    case 'due':
      return lookNow({ ...state, waiting: false });
    case 'found':
      return event.found ? found(state, event.found, nowMs) : done(state);
    case 'foundAgain':
      return foundAgain(state, event, nowMs);
    case 'answered':
      return answered(state, event);
    case 'merged':
      return merged(state, event);
    case 'turned':
      return soon({ ...state, typed: event.mine, ...(event.base !== undefined && { base: event.base, behind: true }) });
    case 'failed':
      return failed(state);
  }
}

/**
 * A notebook that says something else than its file holds unsaved work, whatever VS Code has told so far: it was restored or moved.
 * Taking its text for the file's would be taking that work for saved.
 */
function opened(state: DiskState, disk: string | undefined): DiskState {
  // It was saved or reloaded meanwhile, or there is no file that it could have come from.
  if (!state.restored || disk === undefined) return state;
  if (disk !== state.opening.text) return { ...state, base: state.base ?? disk };
  // What VS Code moves with it may say the same as the file, and is still put over what is typed until then.
  const own = state.carried?.text === disk ? state.own : state.own.filter((text) => text !== disk);
  return { ...state, restored: false, base: disk, own };
}

function heard(state: DiskState, dirty: boolean): Next {
  const [waiting, effects] = soon(state);
  // Unsaved work may be saved over it at any moment.
  if (!dirty && !state.restored) return [waiting, effects];
  const [looking, more] = lookNow(waiting);
  return [looking, [...effects, ...more]];
}

function saved(state: DiskState, { mine, dirty }: Extract<DiskEvent, { is: 'saved' }>, nowMs: number): Next {
  const base = dirty ? (state.written ?? state.base) : serialize(mine);
  const typed = dirty ? state.typed : undefined;
  return [
    {
      ...state,
      base,
      typed,
      own: carrying(state, nowMs) ? state.own : [],
      restored: false,
      behind: false,
      savedAtMs: nowMs,
    },
    [{ do: 'look', afterMs: looksAfterSaveMs }],
  ];
}

function changed(state: DiskState, event: Extract<DiskEvent, { is: 'changed' }>, nowMs: number): Next {
  const { mine, dirty, inside, loaded } = event;
  // Into a notebook that was renamed a person can type before the work that it carries is there, which VS Code puts over it.
  const carries = carrying(state, nowMs);
  const next = { ...state, typed: inside || !loaded ? mine : undefined };
  // VS Code says what was typed before it says that a notebook is unclean: only what it has read is a reloaded file.
  if (!loaded) return postponed([{ ...next, typedAtMs: nowMs }, []]);
  if (inside || state.merging) return soon(next);
  if ((!dirty || carries || state.restored) && state.own.includes(serialize(mine))) return ownRead(state, mine, nowMs);
  if (dirty) return soon(next);
  return postponed(reloaded(state, event, startOf(state, nowMs), nowMs));
}

/** Unsaved work comes with a notebook that was renamed, some moments after it was opened. */
const carrying = ({ carried, opening }: DiskState, nowMs: number) => carried && nowMs - opening.atMs < doubtMs;

/** VS Code read what may be its own backup, or unsaved work that it moved: what was typed until then is brought back, and a look says whether the file has it. */
function ownRead(state: DiskState, mine: Notebook, nowMs: number): Next {
  const start = state.restored ? state.opening.text : state.base;
  const { text, base } = state.carried ?? {};
  const next = { ...state, typed: undefined, typedAtMs: nowMs, base: serialize(mine) === text ? base : state.base };
  if (!state.typed || start === undefined) return soon(next);
  const { notebook: into } = mergeNotebooks(parse(start), state.typed, mine, 'both');
  const [waiting, effects] = soon(next);
  return [waiting, [...effects, { do: 'turn', from: mine, into }]];
}

/** A look that is due waits until nothing more changes. */
function postponed([state, effects]: Next): Next {
  if (!state.waiting) return [state, effects];
  const [waiting, more] = soon(state);
  return [waiting, [...effects, ...more]];
}

/** The text that a reloaded notebook held before: a restored one that VS Code reloads at once held no unsaved work after all. */
const startOf = ({ base, restored, opening, carried }: DiskState, nowMs: number) =>
  restored && !carried && nowMs - opening.atMs < doubtMs ? opening.text : (base ?? opening.text);

/** What was typed while VS Code read the file anew, it takes for a part of the old file and drops: it is brought back. */
function reloaded(
  state: DiskState,
  { mine: theirs, over = false }: { mine: Notebook; over?: boolean },
  start: string | undefined,
  nowMs: number,
): Next {
  const text = serialize(theirs);
  const own = carrying(state, nowMs) ? state.own : [];
  const clean = { ...state, typed: undefined, base: text, restored: false, own };
  // The same text again is a person's own “Revert File”, unless it was read before anything was typed, or the file was just written.
  const reverted = over && text === start && nowMs - state.heardAtMs > readingMs.sure;
  if (!state.typed || start === undefined || reverted) return [clean, []];
  const { notebook: into, conflicts } = mergeNotebooks(parse(start), state.typed, theirs);
  const dropped = { start, typed: state.typed };
  // Where both changed the same, the next look asks.
  return [conflicts.length > 0 ? { ...clean, base: start } : clean, [{ do: 'turn', from: theirs, into, dropped }]];
}

const soon = (state: DiskState, ms = quietMs): Next => [{ ...state, waiting: true }, [{ do: 'wait', ms }]];

function lookNow(state: DiskState): Next {
  if (state.busy) return [{ ...state, again: true }, []];
  return [{ ...state, busy: true, again: false, outdated: false }, [{ do: 'find' }]];
}

/** A look has ended. */
function done(state: DiskState, effects: DiskEffect[] = []): Next {
  const rested = { ...state, busy: false, failures: 0 };
  if (!state.again) return [rested, effects];
  const [waiting, more] = soon(rested);
  return [waiting, [...effects, ...more]];
}

function doneButSoon(state: DiskState, ms = quietMs, effects: DiskEffect[] = []): Next {
  const [waiting, more] = soon(state, ms);
  return done(waiting, [...effects, ...more]);
}

function failed(state: DiskState): Next {
  const failures = state.failures + 1;
  const [after, effects] = done({ ...state, merging: false, again: state.again || failures < mostFailures });
  return [{ ...after, failures }, effects];
}

const stepOf = (state: DiskState, { mine, dirty }: Found, disk: string): Step =>
  nextStep({ base: state.base, mine, disk, dirty: dirty || state.restored });

function found(state: DiskState, what: Found, nowMs: number): Next {
  // A file that is gone leaves the notebook as it is: saving brings it back.
  if (what.disk === undefined) return done(state);
  const step = stepOf(state, what, what.disk);
  if (step.is === 'reload') return tell(state, what, what.disk, nowMs);
  const next = step.is === 'agree' ? { ...state, base: what.disk, restored: false } : state;
  const rests = step.is === 'wait' || step.is === 'agree';
  if (rests && !(next.behind && what.inFront && what.dirty)) return done(next);
  // A file is seen empty, or half, while it is written.
  return [next, [{ do: 'findAgain', was: what, afterMs: wholeMs }]];
}

function foundAgain(state: DiskState, { was, disk }: Extract<DiskEvent, { is: 'foundAgain' }>, nowMs: number): Next {
  if (disk === undefined || disk !== was.disk) return doneButSoon(state);
  // What seems to be work of the last session may be the file as it was a moment ago, which VS Code reads anew by itself.
  const opening = state.restored ? state.opening.atMs + doubtMs - nowMs : 0;
  if (opening > 0) return doneButSoon(state, opening);
  const step = stepOf(state, was, disk);
  const quiet = !state.outdated && nowMs - state.typedAtMs >= quietMs;
  const guards = (!quiet || step.is === 'ask') && inDoubt(state, nowMs) && state.guarded !== disk;
  const next = guards ? { ...state, guarded: disk } : state;
  const effects: DiskEffect[] = guards ? [{ do: 'touch' }] : [];
  if (!quiet) return doneButSoon(next, quietMs, effects);
  if (step.is === 'ask') return [next, [...effects, { do: 'ask', conflicts: step.conflicts }]];
  return merge(next, disk, undefined, effects);
}

const inDoubt = ({ savedAtMs }: DiskState, nowMs: number) => nowMs - savedAtMs < doubtMs;

function merge(state: DiskState, disk: string, chosen?: 'mine' | 'theirs', effects: DiskEffect[] = []): Next {
  return [{ ...state, merging: true }, [...effects, { do: 'merge', base: state.base ?? disk, disk, chosen }]];
}

function answered(state: DiskState, { answer, disk }: Extract<DiskEvent, { is: 'answered' }>): Next {
  return answer === 'later' || disk === undefined ? done(state) : merge(state, disk, answer);
}

function merged(state: DiskState, event: Extract<DiskEvent, { is: 'merged' }>): Next {
  const next = { ...state, merging: false, behind: event.behind };
  // The file was changed once more, where the person changed it too: the next look asks.
  if (!event.chosen && !event.behind && event.conflicts.length > 0) return doneButSoon(next);
  return done({ ...next, base: event.theirs, restored: event.behind && state.restored });
}

/** VS Code shows another text than the file. Unless it reads the file by itself, it is told that the file has changed, and in the end made to read it. */
function tell(state: DiskState, { changedAtMs, seen, inFront }: Found, text: string, nowMs: number): Next {
  const unread = state.unread.text === text ? state.unread : { text, sinceMs: nowMs, told: 0, toldAtMs: 0 };
  const next = { ...state, unread };
  // It hears nothing of a file behind a symbolic link. A notebook in front can be reloaded, as before a merge.
  if (unread.told > mostTold || (unread.told === mostTold && !inFront)) return done(next);
  const dueMs = toldDueMs(next, changedAtMs, seen, nowMs);
  if (nowMs < dueMs) return doneButSoon(next, dueMs - nowMs);
  const told = { ...next, unread: { ...unread, told: unread.told + 1, toldAtMs: nowMs } };
  if (unread.told === mostTold) return merge(told, text);
  return doneButSoon(told, hearingMs, [{ do: 'touch' }]);
}

function toldDueMs(state: DiskState, changedAtMs: number, seen: boolean, nowMs: number): number {
  const { unread, heardAtMs } = state;
  if (unread.told > 0) return unread.toldAtMs + hearingMs;
  if (seen) return unread.sinceMs + readingMs.sure;
  if (heardAtMs < changedAtMs) return unread.sinceMs + hearingMs;
  return heardAtMs + (inDoubt(state, nowMs) ? readingMs.doubtful : readingMs.sure);
}
