import { h, plain } from '../kit/dom.ts';
import { kindMark, kindMarkOf } from '../kit/kind-mark.ts';
import type { Drawn, View } from '../kit/view.ts';
import { isBad } from './draw.ts';
import { type Box, collapse, expand, graphOf, parseState, pictureOf, reveal, searchFor } from './graph.ts';
import { lineageList } from './list.ts';
import { LineageModel } from './model.ts';
import { factsOf, titleOf } from './say.ts';
import { Stage } from './stage.ts';
import style from './view.css';

/** What a claim or any record rests on: claim → verdict → experiment → approval → twin → data release → raw file. */
export const lineage: View<LineageModel> = {
  name: 'lineage',
  style,
  parse(value) {
    const parsed = LineageModel.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new Error('This is no lineage: it needs roots, nodes and edges.');
  },
  render({ model, el, host }): Drawn<LineageModel> {
    let given = model;
    // SAFETY: what the host kept is what this view gave it to remember, or nothing; each member is looked at.
    const remembered = (host.restore() as { graph?: unknown })?.graph;
    let graph = graphOf(given, (remembered as { calls?: unknown })?.calls === true);
    let state = parseState(remembered, graph);
    let asList = (host.restore() as { asList?: unknown })?.asList === true;
    let hit = -1;

    const stage = new Stage({ open, close: closeGroup, chosen: describe });
    const chosen = h('div', { class: 'chosen-box', role: 'status' });
    const field = h('input', {
      type: 'search',
      placeholder: 'Find by tool, kind, status or id',
      'aria-label': 'Find in the lineage; Enter goes to the next',
      value: state.query,
    });
    const found = h('span', { class: 'dim', role: 'status' });
    const place = h('div', { class: 'place' });
    const listButton = h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(asList) }, 'List');
    const button = (text: string, label: string, run: () => void) =>
      h('button', { type: 'button', class: 'quiet', 'aria-label': label, title: label, click: run }, text);
    const callsButton = h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-pressed': String(state.calls),
        title: 'Draw the calls that made twins, plans and verdicts by themselves',
      },
      'Calls',
    );
    callsButton.addEventListener('click', () => {
      graph = graphOf(given, !state.calls);
      callsButton.setAttribute('aria-pressed', String(!state.calls));
      change(parseState({ ...state, calls: !state.calls }, graph));
    });
    const zooms = h(
      'span',
      { class: 'zooms' },
      button('−', 'Zoom out (-)', () => stage.zoom(0.8)),
      button('+', 'Zoom in (+)', () => stage.zoom(1.25)),
      button('Fit', 'Fit: show all (0)', () => stage.fit()),
    );
    const summary = h('p', { class: 'dim summary' });
    const warning = h(
      'span',
      { class: 'bad-sample' },
      'not to be relied on: failed, refuted, cancelled, or approved with a demonstration key',
    );

    field.addEventListener('input', () => {
      hit = -1;
      change(searchFor(state, field.value));
    });
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') goToHit(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape' && field.value) {
        field.value = '';
        change(searchFor(state, ''));
      } else return;
      event.preventDefault();
    });
    listButton.addEventListener('click', () => {
      asList = !asList;
      listButton.setAttribute('aria-pressed', String(asList));
      remember();
      draw();
    });
    const onSlash = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target === field) return;
      field.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', onSlash);
    el.replaceChildren(
      h('h1', { class: 'visually-hidden' }, 'Lineage'),
      h(
        'div',
        { class: 'bar', role: 'toolbar', 'aria-label': 'Lineage' },
        field,
        found,
        zooms,
        callsButton,
        listButton,
      ),
      place,
      h('div', { class: 'below' }, chosen, legend(warning), summary),
    );
    draw(graph.model.roots[0]);

    function change(next: typeof state, choose?: string): void {
      state = next;
      remember();
      draw(choose);
    }

    function remember(): void {
      host.remember({ graph: state, asList });
    }

    function draw(choose?: string): void {
      const picture = pictureOf(graph, state);
      found.textContent = state.query ? `${picture.found.length} found` : '';
      const { nodes, available = nodes.length } = given;
      summary.textContent =
        `${nodes.length} records, data and files in ${picture.boxes.length} boxes. ` +
        (available > nodes.length ? `${available - nodes.length} more at the far end are not shown. ` : '') +
        'Arrow keys walk, Enter opens, Backspace closes a group, / finds.';
      zooms.hidden = asList;
      if (asList) {
        place.replaceChildren(lineageList(picture, graph.model.roots, open));
        return;
      }
      warning.hidden = !picture.boxes.some(isBad);
      if (stage.element.parentElement !== place) place.replaceChildren(stage.element);
      stage.show(picture, choose);
    }

    function open(box: Box): void {
      if (box.role === 'thing' || box.group === undefined) {
        host.send('open', { id: box.id });
        return;
      }
      const first = graph.members.get(box.group)?.[state.expanded[box.group] ?? 0];
      change(expand(state, box.group), first);
    }

    function closeGroup({ group, role }: Box): void {
      if (group !== undefined && role !== 'group') change(collapse(graph, state, group), `group ${group}`);
    }

    function goToHit(step: number): void {
      const { found: ids } = pictureOf(graph, state);
      if (ids.length === 0) return;
      hit = (hit + step + ids.length) % ids.length;
      change(reveal(state, ids[hit]), ids[hit]);
      found.textContent = `${hit + 1} of ${ids.length} found`;
    }

    function describe(box: Box): void {
      const actions =
        box.role === 'thing'
          ? h('button', { type: 'button', class: 'quiet', click: () => open(box) }, 'Open record')
          : h(
              'button',
              { type: 'button', class: 'quiet', click: () => open(box) },
              box.role === 'group' ? 'Open group' : 'Show more',
            );
      const close =
        box.group !== undefined && box.role !== 'group'
          ? h('button', { type: 'button', class: 'quiet', click: () => closeGroup(box) }, 'Close group')
          : undefined;
      chosen.replaceChildren(
        h('strong', {}, titleOf(box)),
        h('span', { class: 'dim' }, factsOf(box)),
        kindMarkOf(box.valueKind) ?? '',
        box.role === 'thing' ? h('code', {}, plain(box.id, 80)) : '',
        box.madeBy
          ? h(
              'button',
              { type: 'button', class: 'quiet', click: () => host.send('open', { id: box.madeBy }) },
              'Open the call that made it',
            )
          : '',
        actions,
        close ?? '',
      );
    }

    return {
      update(next) {
        given = next;
        graph = graphOf(given, state.calls);
        state = parseState(state, graph);
        draw();
      },
      dispose() {
        document.removeEventListener('keydown', onSlash);
        stage.dispose();
        el.replaceChildren();
      },
    };
  },
};

/** How values came to be: the sign in the corner of a box. warning: what a broken frame means. */
function legend(warning: HTMLElement): HTMLElement {
  const kinds = ['measured', 'derived', 'not stated', 'predicted', 'simulated', 'imputed', 'synthetic'] as const;
  return h('p', { class: 'legend', 'aria-label': 'How values came to be' }, ...kinds.map(kindMark), warning);
}
