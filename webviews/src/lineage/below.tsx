import { plain } from '@bregma/core/contracts/plain-text';
import { KindMark, KindMarkOf } from '../kit/kind.tsx';
import type { ViewHost } from '../kit/view.ts';
import type { Box } from './graph.ts';
import { factsOf, titleOf } from './say.ts';

const kinds = ['measured', 'derived', 'not stated', 'predicted', 'simulated', 'imputed', 'synthetic'] as const;

/** How values came to be: the sign in the corner of a box. bad: there are boxes with a broken frame. */
export const Legend = ({ bad }: { bad: boolean }) => (
  <p class="legend" aria-label="How values came to be">
    {kinds.map((kind) => (
      <KindMark key={kind} kind={kind} />
    ))}
    {bad && (
      <span class="bad-sample">
        not to be relied on: failed, refuted, cancelled, or approved with a demonstration key
      </span>
    )}
  </p>
);

interface ChosenParts {
  box: Box | undefined;
  host: ViewHost;
  open(box: Box): void;
  close(box: Box): void;
}

const opens = { thing: 'Open record', group: 'Open group', more: 'Show more' };

/** The chosen box in words, and what can be done with it. */
export const Chosen = ({ box, host, open, close }: ChosenParts) => (
  <div class="chosen-box" role="status">
    {box && (
      <>
        <strong>{titleOf(box)}</strong>
        <span class="dim">{factsOf(box)}</span>
        <KindMarkOf kind={box.valueKind} />
        {box.role === 'thing' && <code>{plain(box.id, 80)}</code>}
        {box.madeBy && <Quiet click={() => host.send('open', { id: box.madeBy })}>Open the call that made it</Quiet>}
        <Quiet click={() => open(box)}>{opens[box.role]}</Quiet>
        {box.group !== undefined && box.role !== 'group' && <Quiet click={() => close(box)}>Close group</Quiet>}
      </>
    )}
  </div>
);

const Quiet = ({ click, children }: { click(): void; children: string }) => (
  <button type="button" class="quiet" onClick={click}>
    {children}
  </button>
);
