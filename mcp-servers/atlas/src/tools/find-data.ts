import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { inOtherWords, type OtherWords } from '../sources/added-names.ts';
import { findEntry, placeOf, registry } from '../sources/registry.ts';
import { hasWords, withSameWords } from '../sources/same-words.ts';

export const findData = defineTool({
  name: 'find_data',
  question: 'Which data sets are added here, or ready to be added?',
  input: z.object({
    query: z.string().optional().describe('All must occur: species, region, gene, method'),
    species: z.string().optional(),
    modality: z.string().optional(),
    limit: z.number().int().min(1).max(100).default(10),
  }),
  output: z.object({
    datasets: z.array(z.looseObject({ dataset: z.string(), added: z.boolean() })),
    terms: z.array(z.object({ term: z.string(), ontology: z.string() })).optional(),
  }),
  effect: 'read',
  async run({ query, species, modality, limit }, { workspace, signal }) {
    const added = listDatasets(workspace.ledger);
    const others = await inOtherWords(query, added, { objects: workspace.objects, signal });
    const names = new Set(added.map(datasetRef));
    const rows = [
      ...added.map((release) => ({
        card: release.card,
        row: { dataset: datasetRef(release), added: true, shape: release.shape },
      })),
      ...registry
        .filter((entry) => !names.has(datasetRef(entry)))
        .map((entry) => ({
          card: entry.card,
          row: {
            dataset: datasetRef(entry),
            added: false,
            shape: entry.shape,
            from: placeOf(entry),
            needsAgreement: entry.terms !== undefined,
          },
        })),
    ];
    const found = rows
      .flatMap((one) => {
        const { title, description, species: animal = '', modality: method } = one.card;
        const keywords = findEntry(one.row.dataset)?.keywords ?? [];
        const names = withSameWords([one.row.dataset, title, animal, method, ...keywords].join(' '));
        const all = `${names}${withSameWords(description)}`;
        const isOf = hasWords(withSameWords(animal), species) && hasWords(withSameWords(method), modality);
        const through = hasWords(all, query) ? undefined : others.find(({ question }) => hasWords(all, question));
        const fits = isOf && (through !== undefined || hasWords(all, query));
        return fits ? [{ ...one, through, isNamed: hasWords(names, query) }] : [];
      })
      // What is called so comes before what only speaks of it; what was added, before what can be.
      .sort((a, b) => Number(b.isNamed) - Number(a.isNamed));
    const terms = termsOf(found.slice(0, limit).flatMap(({ through }) => through ?? []));
    return {
      value: {
        ...(terms.length > 0 ? { terms } : {}),
        datasets: found.slice(0, limit).map(({ card, row }) => ({
          ...row,
          title: card.title,
          species: card.species,
          modality: card.modality,
          licence: card.licence,
          kind: card.kind,
        })),
      },
      kind: 'derived',
      completeness: { returned: Math.min(limit, found.length), available: found.length, of: 'data sets' },
    };
  },
});

/** By which terms of which ontologies something was found under another name, each once. */
function termsOf(through: OtherWords[]): { term: string; ontology: string }[] {
  const once = new Map(through.map(({ term, ontology }) => [`${ontology} ${term}`, { term, ontology }]));
  return [...once.values()];
}
