import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from '@bregma/readers/duck';
import { literal } from '@bregma/readers/sql-text';
import { ontologyModality } from '../read/ontology/store-ontology.ts';
import { plain } from './same-words.ts';

/** A question in other words: the name of a term in it was put for another name of the same term. */
export interface OtherWords {
  question: string;
  /** The term and the ontology that says so. */
  term: string;
  ontology: string;
}

/** Names that are put for those of a question at most; nobody reads more. */
const mostNames = 200;

/**
 * A question with each other exact name of the terms that it names, by the ontologies that were added to a workspace. Nothing is
 * widened: no broader and no related synonym, no parent, no obsolete term.
 */
export async function inOtherWords(
  question: string | undefined,
  added: DatasetRelease[],
  { objects, signal }: { objects: ObjectStore; signal: AbortSignal },
): Promise<OtherWords[]> {
  const ontologies = added.filter(
    ({ card, tables }) => card.modality === ontologyModality && tables.some(({ name }) => name === 'names'),
  );
  if (!question || ontologies.length === 0) return [];
  const asked = plain(question);
  const found: OtherWords[] = [];
  for (const release of ontologies) {
    const duck = await Duck.open({ objects, signal });
    try {
      await duck.view('names', release);
      const pairs = await duck.rows(otherNamesSql(asked));
      for (const { named, other, term } of pairs)
        found.push({
          question: asked.replace(String(named), ` ${other} `),
          term: String(term),
          ontology: datasetRef(release),
        });
    } finally {
      duck.close();
    }
  }
  return found;
}

const plainSql = (column: string) =>
  `' ' || trim(regexp_replace(lower(${column}), '[^\\p{L}\\p{N}]+', ' ', 'g')) || ' '`;

/** What a question calls a term, and what else it is called. asked: between blanks, lower case. */
const otherNamesSql = (asked: string) => `
  WITH exact AS (SELECT subject_id AS name, object_id AS term FROM names WHERE predicate_id = 'exactMatch'),
  called AS (SELECT name, term FROM exact UNION SELECT DISTINCT term, term FROM exact),
  named AS (SELECT DISTINCT term, ${plainSql('name')} AS named FROM called WHERE length(name) > 2 AND contains(${literal(asked)}, ${plainSql('name')}))
  SELECT DISTINCT named.named, called.name AS other, term FROM named JOIN called USING (term)
  WHERE ${plainSql('called.name')} <> named.named ORDER BY length(named.named) DESC, term, other LIMIT ${mostNames}`;
