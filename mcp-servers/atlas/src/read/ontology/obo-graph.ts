import { BregmaError } from '@bregma/core/errors';
import * as z from 'zod';
import { curieOf, newTerm, type Ontology, type OntologyTerm, type SynonymScope } from './ontology.ts';

const Property = z.looseObject({ pred: z.string(), val: z.string() });
const Meta = z.looseObject({
  definition: z.looseObject({ val: z.string() }).optional(),
  synonyms: z.array(Property).optional(),
  xrefs: z.array(z.looseObject({ val: z.string() })).optional(),
  basicPropertyValues: z.array(Property).optional(),
  deprecated: z.boolean().optional(),
  version: z.string().optional(),
});
const GraphNode = z.looseObject({
  id: z.string(),
  lbl: z.string().optional(),
  type: z.string().optional(),
  meta: Meta.optional(),
});
type GraphNode = z.infer<typeof GraphNode>;
const Graph = z.looseObject({
  id: z.string().optional(),
  lbl: z.string().optional(),
  meta: Meta.optional(),
  nodes: z.array(GraphNode).default([]),
  edges: z.array(z.looseObject({ sub: z.string(), pred: z.string(), obj: z.string() })).default([]),
});
const Document = z.looseObject({ graphs: z.array(Graph).min(1) });

const scopes: Record<string, SynonymScope> = {
  hasExactSynonym: 'EXACT',
  hasBroadSynonym: 'BROAD',
  hasNarrowSynonym: 'NARROW',
  hasRelatedSynonym: 'RELATED',
};
/** Relations whose short name every ontology of the OBO library means (Relation Ontology, Basic Formal Ontology). */
const shortNames: Record<string, string> = { 'BFO:0000050': 'part_of', 'BFO:0000051': 'has_part' };
const replacedBy = 'IAO:0100001';

/**
 * Parses a file of OBO graphs (github.com/geneontology/obographs). name: what the file is called in errors. Its graphs are taken
 * together. Throws `bad-input`.
 */
export function parseOboGraph(text: string, name: string): Ontology {
  const { graphs } = documentOf(text, name);
  const [first] = graphs;
  const all = graphs.flatMap(({ nodes }) => nodes);
  const predicates = new Map(all.filter(({ type }) => type === 'PROPERTY').map((node) => [node.id, shortNameOf(node)]));
  const terms = new Map<string, OntologyTerm>();
  const leftOut: Record<string, number> = {};
  for (const node of all)
    if (node.type === 'CLASS') terms.set(node.id, termOf(node));
    else leftOut[node.type ?? 'node without a type'] = (leftOut[node.type ?? 'node without a type'] ?? 0) + 1;
  for (const { sub, pred, obj } of graphs.flatMap(({ edges }) => edges)) {
    const predicate = predicates.get(pred) ?? shortNames[curieOf(pred)] ?? curieOf(pred);
    const term = terms.get(sub);
    if (term) term.relations.push({ predicate, object: curieOf(obj) });
    else leftOut['edge of no term'] = (leftOut['edge of no term'] ?? 0) + 1;
  }
  const said = (word: string) => first.meta?.basicPropertyValues?.find(({ pred }) => pred.endsWith(word))?.val;
  return {
    id: first.id,
    title: said('/title') ?? first.lbl,
    version: first.meta?.version,
    licence: said('/license'),
    terms: [...terms.values()],
    leftOut,
  };
}

function documentOf(text: string, name: string): z.infer<typeof Document> {
  const refuse = (why: string) =>
    new BregmaError('bad-input', `${name} is no OBO graph: ${why}.`, {
      next: 'Ontologies are read from JSON (OBO graphs); other JSON is added as CSV or Parquet: pandas.read_json(…).to_parquet(…).',
    });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw refuse(`it is no JSON (${error instanceof Error ? error.message.slice(0, 120) : error})`);
  }
  const document = Document.safeParse(parsed);
  if (document.success) return document.data;
  const [{ path, message }] = document.error.issues;
  throw refuse(`${path.length > 0 ? path.join('.') : 'what it holds'}: ${message}`);
}

/** The short name that OBO files use for a relation: what its property says, else the well-known one, else its label's words. */
function shortNameOf({ id, lbl, meta }: GraphNode): string {
  const shorthand = meta?.basicPropertyValues?.find(({ pred }) => pred.endsWith('#shorthand'))?.val;
  return shorthand ?? shortNames[curieOf(id)] ?? lbl?.trim().replace(/\s+/g, '_') ?? curieOf(id);
}

function termOf({ id, lbl, meta = {} }: GraphNode): OntologyTerm {
  const values = (named: (pred: string) => boolean) =>
    (meta.basicPropertyValues ?? []).filter(({ pred }) => named(pred)).map(({ val }) => curieOf(val));
  return {
    ...newTerm(curieOf(id)),
    name: lbl,
    definition: meta.definition?.val,
    isObsolete: meta.deprecated === true,
    replacedBy: values((pred) => curieOf(pred) === replacedBy),
    consider: values((pred) => pred.endsWith('#consider')),
    alternateIds: values((pred) => pred.endsWith('#hasAlternativeId')),
    synonyms: (meta.synonyms ?? []).map(({ pred, val }) => ({
      text: val,
      scope: scopes[pred.replace(/^.*#/, '')] ?? 'RELATED',
    })),
    xrefs: (meta.xrefs ?? []).map(({ val }) => val),
  };
}
