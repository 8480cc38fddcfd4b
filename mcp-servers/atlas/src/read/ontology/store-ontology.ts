import { BregmaError } from '@bregma/core/errors';
import type { FormatKit, Parts } from '../../formats/format.ts';
import type { Ontology, OntologyTerm, SynonymScope } from './ontology.ts';

/** What `find_data` knows an ontology by. */
export const ontologyModality = 'ontology';

/**
 * What a name says of its term in the words of SSSOM, with the name as the subject: a synonym that is broader than its term is one
 * whose narrower match the term is.
 */
const predicates: Record<SynonymScope, string> = {
  EXACT: 'exactMatch',
  BROAD: 'narrowMatch',
  NARROW: 'broadMatch',
  RELATED: 'relatedMatch',
};

interface Said {
  subject: string;
  predicate: string;
  object: string;
  via: string;
}

/** Every name, other id and cross-reference by which a term may be meant, with what each says of it. */
function namesOf(term: OntologyTerm): Said[] {
  const { id, name, synonyms, alternateIds, replacedBy, consider, xrefs, isObsolete } = term;
  // Whoever asks for what is in use gets no term that is not.
  const as = (predicate: string) => (isObsolete ? 'obsolete' : predicate);
  const said = (subject: string, predicate: string, via: string, object = id) => ({ subject, predicate, object, via });
  return [
    ...(name === undefined ? [] : [said(name, as('exactMatch'), 'name')]),
    ...synonyms.map(({ text, scope }) => said(text, as(predicates[scope]), `${scope.toLowerCase()} synonym`)),
    ...alternateIds.map((other) => said(other, as('exactMatch'), 'alternate id')),
    ...xrefs.map((other) => said(other, 'hasDbXref', 'cross-reference')),
    ...replacedBy.map((other) => said(id, 'replaced_by', 'obsolete id', other)),
    ...consider.map((other) => said(id, 'consider', 'obsolete id', other)),
  ];
}

/** Stores an ontology as the tables terms, names and relations. Throws `bad-input` where it has no terms. */
export async function storeOntology(ontology: Ontology, file: string, kit: FormatKit): Promise<Parts> {
  const { terms, leftOut, version, id, title, licence } = ontology;
  if (terms.length === 0)
    throw new BregmaError('bad-input', `${file} has no terms.`, { next: 'Check the file; another one may hold them.' });
  const left = Object.entries(leftOut).map(([what, count]) => `${what} (${count})`);
  const obsolete = terms.filter(({ isObsolete }) => isObsolete).length;
  return {
    shape: 'tables',
    tables: [await storeTerms(terms, kit), await storeNames(terms, kit), await storeRelations(terms, kit)],
    arrays: [],
    warnings: [
      ...(licence === undefined ? ['It does not say its licence. Option: licence.'] : []),
      ...(obsolete > 0
        ? [`${obsolete} of ${terms.length} terms are obsolete: no name means one of them by exactMatch.`]
        : []),
      ...(left.length > 0 ? [`Not kept: ${left.slice(0, 20).join(', ')}.`] : []),
    ],
    card: {
      modality: ontologyModality,
      kind: 'derived',
      title: title ?? id,
      description: `Ontology ${title ?? id ?? file}${version === undefined ? ', of no stated version' : `, version ${version}`}: ${terms.length} terms.`,
      ...(licence === undefined ? {} : { licence }),
      ...(id === undefined ? {} : { cite: [version === undefined ? id : `${id}, ${version}`] }),
    },
  };
}

async function storeTerms(terms: OntologyTerm[], kit: FormatKit) {
  await kit.duck.make('ontology_terms', {
    id: terms.map(({ id }) => id),
    name: terms.map(({ name = '' }) => name),
    definition: terms.map(({ definition = '' }) => definition),
    obsolete: Int32Array.from(terms, ({ isObsolete }) => Number(isObsolete)),
    replaced_by: terms.map(({ replacedBy }) => replacedBy.join(' | ')),
  });
  return kit.duck.table(
    `SELECT id, nullif(name, '') AS name, nullif(definition, '') AS definition, obsolete = 1 AS obsolete, nullif(replaced_by, '') AS replaced_by FROM ontology_terms`,
    {
      name: 'terms',
      description: 'A term each.',
      columns: { replaced_by: { description: 'what stands for an obsolete term; several are parted by |' } },
    },
  );
}

async function storeNames(terms: OntologyTerm[], kit: FormatKit) {
  const said = terms.flatMap(namesOf);
  await kit.duck.make('ontology_names', {
    subject_id: said.map(({ subject }) => subject),
    predicate_id: said.map(({ predicate }) => predicate),
    object_id: said.map(({ object }) => object),
    via: said.map(({ via }) => via),
  });
  return kit.duck.table('SELECT * FROM ontology_names', {
    name: 'names',
    description:
      'Names, other ids and cross-references of terms, as a mapping set for join_data: subject_id is the name, object_id the term.',
    columns: {
      predicate_id: {
        description:
          'exactMatch: the name means the term; broadMatch: the term is broader than the name (a narrow synonym); narrowMatch: it is narrower; relatedMatch; hasDbXref; replaced_by, consider: of an obsolete id; obsolete: the term is not in use',
      },
    },
  });
}

async function storeRelations(terms: OntologyTerm[], kit: FormatKit) {
  const edges = terms.flatMap(({ id, relations }) => relations.map((one) => ({ id, ...one })));
  await kit.duck.make('ontology_relations', {
    subject_id: edges.map(({ id }) => id),
    predicate_id: edges.map(({ predicate }) => predicate),
    object_id: edges.map(({ object }) => object),
  });
  return kit.duck.table('SELECT * FROM ontology_relations', {
    name: 'relations',
    description: 'What each term is (is_a), is part of (part_of) and so on, one step, as the file says it.',
  });
}
