import { outlineOf } from './state-outlines.ts';

/** The sign of a state alone, for beside its word. */
export const StateSign = ({ state }: { state: string }) => (
  <svg viewBox="0 0 16 16" class="sign" aria-hidden="true">
    <path d={outlineOf(state)} />
  </svg>
);

/** Sign and word of a state. */
export const StateMark = ({ state }: { state: string }) => (
  <span class="state" data-state={state}>
    <StateSign state={state} />
    {state}
  </span>
);
