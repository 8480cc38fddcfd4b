import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Shown, shownBy } from '../kit/component.tsx';
import type { View } from '../kit/view.ts';
import { Chosen, Legend } from './below.tsx';
import {
  type Box,
  collapse,
  expand,
  type GraphState,
  graphOf,
  parseState,
  pictureOf,
  reveal,
  searchFor,
} from './graph.ts';
import { LineageList } from './list.tsx';
import { LineageModel } from './model.ts';
import { isBad } from './say.ts';
import { Stage } from './stage.tsx';
import style from './view.css';

function Body({ model, host }: Shown<LineageModel>) {
  const [kept, keep] = useState(() => keptBy(host.restore(), model));
  const graph = useMemo(() => graphOf(model, kept.graph.calls), [model, kept.graph.calls]);
  const state = useMemo(() => parseState(kept.graph, graph), [kept.graph, graph]);
  const picture = useMemo(() => pictureOf(graph, state), [graph, state]);
  const [box, setBox] = useState<Box>();
  /** Place among what the search finds, from 0; -1 before the first. */
  const [hit, setHit] = useState(-1);
  const next = useRef<string | undefined>(model.roots[0]);
  const stage = useRef<Stage>();
  const { asList } = kept;
  const set = (now: Partial<Kept>) => {
    keep({ ...kept, ...now });
    host.remember({ ...kept, ...now });
  };
  /** Draws another state; `choose` names the box that is chosen then. */
  const change = (now: GraphState, choose?: string) => {
    next.current = choose;
    set({ graph: now });
  };
  const open = (opened: Box) => {
    if (opened.role === 'thing' || opened.group === undefined) {
      host.send('open', { id: opened.id });
      return;
    }
    const first = graph.members.get(opened.group)?.[state.expanded[opened.group] ?? 0];
    change(expand(state, opened.group), first);
  };
  const close = ({ group, role }: Box) => {
    if (group !== undefined && role !== 'group') change(collapse(graph, state, group), `group ${group}`);
  };
  const goToHit = (step: number) => {
    const { found } = picture;
    if (found.length === 0) return;
    const at = (hit + step + found.length) % found.length;
    setHit(at);
    change(reveal(state, found[at]), found[at]);
  };
  const search = (query: string) => {
    setHit(-1);
    change(searchFor(state, query));
  };
  return (
    <>
      <h1 class="visually-hidden">Lineage</h1>
      <div class="bar" role="toolbar" aria-label="Lineage">
        <Find query={state.query} search={search} go={goToHit} />
        <span class="dim" role="status">
          {state.query && (hit < 0 ? `${picture.found.length} found` : `${hit + 1} of ${picture.found.length} found`)}
        </span>
        {!asList && <Zooms stage={stage} />}
        <button
          type="button"
          class="quiet"
          aria-pressed={state.calls}
          title="Draw the calls that made twins, plans and verdicts by themselves"
          onClick={() => change({ ...state, calls: !state.calls })}
        >
          Calls
        </button>
        <button type="button" class="quiet" aria-pressed={asList} onClick={() => set({ asList: !asList })}>
          List
        </button>
      </div>
      {asList ? (
        <div class="place">
          <LineageList picture={picture} roots={graph.model.roots} open={open} />
        </div>
      ) : (
        <Drawing stage={stage} picture={picture} next={next} open={open} close={close} chosen={setBox} />
      )}
      <div class="below">
        <Chosen box={box} host={host} open={open} close={close} />
        <Legend bad={!asList && picture.boxes.some(isBad)} />
        <p class="dim summary">{summaryOf(model, picture.boxes.length)}</p>
      </div>
    </>
  );
}

/** What is remembered over a reload. */
interface Kept {
  graph: GraphState;
  asList: boolean;
}

function keptBy(value: unknown, model: LineageModel): Kept {
  // SAFETY: what the host kept is what this view gave it to remember, or anything else; each member is looked at.
  const { graph, asList } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  // SAFETY: of what is no object, or has no such member, it is undefined.
  const calls = (graph as { calls?: unknown } | undefined)?.calls === true;
  return { graph: parseState(graph, graphOf(model, calls)), asList: asList === true };
}

function summaryOf({ nodes, available = nodes.length }: LineageModel, boxes: number): string {
  const left = available > nodes.length ? `${available - nodes.length} more at the far end are not shown. ` : '';
  return `${nodes.length} records, data and files in ${boxes} boxes. ${left}Arrow keys walk, Enter opens, Backspace closes a group, / finds.`;
}

interface DrawingParts {
  stage: { current: Stage | undefined };
  picture: ReturnType<typeof pictureOf>;
  /** The box that is chosen when the picture is drawn. */
  next: { current: string | undefined };
  open(box: Box): void;
  close(box: Box): void;
  chosen(box: Box): void;
}

/** Where the stage draws. It stays while pictures change. */
function Drawing({ stage, picture, next, ...events }: DrawingParts) {
  const place = useRef<HTMLDivElement>(null);
  const now = useRef(events);
  now.current = events;
  useLayoutEffect(() => {
    // SAFETY: the element below is on the page while this effect lasts.
    const made = new Stage(place.current as HTMLDivElement, {
      open: (box) => now.current.open(box),
      close: (box) => now.current.close(box),
      chosen: (box) => now.current.chosen(box),
    });
    stage.current = made;
    return () => {
      stage.current = undefined;
      made.dispose();
    };
  }, [stage]);
  useLayoutEffect(() => {
    stage.current?.show(picture, next.current);
    next.current = undefined;
  }, [stage, picture, next]);
  return <div class="place" ref={place} />;
}

/** The field that finds: Enter goes to the next, / leads to it from everywhere. */
function Find({ query, search, go }: { query: string; search(query: string): void; go(step: number): void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onSlash = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target === field.current) return;
      field.current?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', onSlash);
    return () => document.removeEventListener('keydown', onSlash);
  }, []);
  return (
    <input
      type="search"
      ref={field}
      placeholder="Find by tool, kind, status or id"
      aria-label="Find in the lineage; Enter goes to the next"
      value={query}
      onInput={({ currentTarget }) => search(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
        else if (event.key === 'Escape' && query) search('');
        else return;
        event.preventDefault();
      }}
    />
  );
}

const Zooms = ({ stage }: Pick<DrawingParts, 'stage'>) => {
  const button = (text: string, label: string, run: () => void) => (
    <button type="button" class="quiet" aria-label={label} title={label} onClick={run}>
      {text}
    </button>
  );
  return (
    <span class="zooms">
      {button('−', 'Zoom out (-)', () => stage.current?.zoom(0.8))}
      {button('+', 'Zoom in (+)', () => stage.current?.zoom(1.25))}
      {button('Fit', 'Fit: show all (0)', () => stage.current?.fit())}
    </span>
  );
};

/** What a claim or any record rests on: claim → verdict → experiment → approval → twin → data release → raw file. */
export const lineage: View<LineageModel> = {
  name: 'lineage',
  style,
  parse(value) {
    const parsed = LineageModel.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error('This is no lineage: it needs roots, nodes and edges.');
  },
  render: shownBy(Body),
};
