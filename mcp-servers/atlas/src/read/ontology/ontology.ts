/** How a synonym stands to its term (OBO 1.4, "synonym"): the synonym means the same, something broader, narrower, or near it. */
export type SynonymScope = 'EXACT' | 'BROAD' | 'NARROW' | 'RELATED';

/** A term of an ontology, whichever file it comes from. Ids are CURIEs (CL:0000540) where the file's are of the OBO library. */
export interface OntologyTerm {
  id: string;
  name?: string;
  definition?: string;
  isObsolete: boolean;
  /** Terms that stand for an obsolete one, and those that may: only the first are a replacement. */
  replacedBy: string[];
  consider: string[];
  /** Other ids of the same term: of terms that were merged into it. */
  alternateIds: string[];
  synonyms: { text: string; scope: SynonymScope }[];
  /** Ids of the same or a like thing in other sources, as the ontology has them: it does not say which. */
  xrefs: string[];
  /** What the term is, is part of, and so on: the predicate by its short name (is_a, part_of). */
  relations: { predicate: string; object: string }[];
}

/** What an ontology says of itself and its terms. */
export interface Ontology {
  id?: string;
  title?: string;
  version?: string;
  /** The address or the name of its licence. */
  licence?: string;
  terms: OntologyTerm[];
  /** What the file says and is not kept, by the file's own word for it. */
  leftOut: Record<string, number>;
}

/** A term of which nothing is known yet. */
export const newTerm = (id: string): OntologyTerm => ({
  id,
  isObsolete: false,
  replacedBy: [],
  consider: [],
  alternateIds: [],
  synonyms: [],
  xrefs: [],
  relations: [],
});

/** What is left of an address of the OBO library: …/obo/CL_0000540 is CL:0000540. Anything else stays as it is. */
export const curieOf = (id: string): string =>
  id.replace(/^https?:\/\/purl\.obolibrary\.org\/obo\/([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z]+)?)_([A-Za-z0-9]+)$/, '$1:$2');
