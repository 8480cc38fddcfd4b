import { digestOf } from '@bregma/core/canonical';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { contentId } from '@bregma/core/ids';
import type { ToolOutcome } from '@bregma/core/mcp/tool';
import type { Built } from './kinds/kind.ts';

/** The card with its id: the digest of all that it says. */
export function withId(content: Omit<TwinCard, 'id'>): TwinCard {
  return { id: contentId('twin', digestOf(content)), ...content };
}

interface Source {
  reference: string;
  release: { card: { licence: string; cite: string[] } };
}

/** Data sets besides the twin's own that it was made from. */
export interface MoreSources {
  references: string[];
  licences: string[];
  cite: string[];
}

/** The answer of build_twin. */
export function builtFrom(
  card: TwinCard,
  { reference, release }: Source,
  more: MoreSources = { references: [], licences: [], cite: [] },
): ToolOutcome<Built> {
  const { part, n, of } = card.fittedOn;
  return {
    value: {
      twin: card.id,
      kind: card.kind,
      data: card.data,
      options: card.options,
      fittedOn: { part, n, of },
      summary: card.summary,
      files: card.files,
      next: 'Judge it with validate_twin before you believe it.',
    },
    kind: 'derived',
    n: { count: n, of },
    release: [reference, ...more.references],
    licence: [release.card.licence, ...more.licences],
    cite: [...card.cite, ...release.card.cite, ...more.cite],
    inputs: [reference, ...more.references],
    outputs: card.files.map(({ object }) => object),
    seed: card.seed,
    records: [{ kind: 'twin', subject: card.id, body: card }],
  };
}
