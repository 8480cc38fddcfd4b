import { BregmaError } from '@bregma/core/errors';
import { newTerm, type Ontology, type OntologyTerm, type SynonymScope } from './ontology.ts';

/** A clause of a stanza: its tag, what it says without comment and qualifiers, and its line from 1. */
interface Clause {
  tag: string;
  value: string;
  line: number;
}
interface Stanza {
  type: string;
  clauses: Clause[];
  line: number;
}

const scopes = new Set<string>(['EXACT', 'BROAD', 'NARROW', 'RELATED']);
/** What the tags of OBO 1.0 say of a synonym. */
const oldScopes: Record<string, SynonymScope> = {
  exact_synonym: 'EXACT',
  broad_synonym: 'BROAD',
  narrow_synonym: 'NARROW',
  related_synonym: 'RELATED',
};

/**
 * Parses a file of OBO 1.0 to 1.4 (owlcollab.github.io/oboformat/doc/obo-syntax.html). name: what the file is called in errors.
 * Throws `bad-input`, naming the line.
 */
export function parseObo(text: string, name: string): Ontology {
  const [header, ...stanzas] = stanzasOf(text, name);
  const ontology: Ontology = { terms: [], leftOut: {}, ...aboutOf(header.clauses) };
  const known = new Map<string, OntologyTerm>();
  for (const stanza of stanzas) {
    if (stanza.type !== 'Term') {
      leaveOut(ontology, `[${stanza.type}]`);
      continue;
    }
    const [first] = stanza.clauses;
    if (first?.tag !== 'id' || first.value === '')
      throw broken(name, stanza.line, 'is a [Term] that begins with no id');
    const id = unescaped(first.value);
    // A term may stand in several stanzas, which add to each other.
    const term = known.get(id) ?? newTerm(id);
    if (!known.has(id)) ontology.terms.push(term);
    known.set(id, term);
    for (const clause of stanza.clauses.slice(1)) if (!take(term, clause, name)) leaveOut(ontology, clause.tag);
  }
  return ontology;
}

function leaveOut(ontology: Ontology, what: string): void {
  ontology.leftOut[what] = (ontology.leftOut[what] ?? 0) + 1;
}

const broken = (name: string, line: number, what: string) =>
  new BregmaError('bad-input', `Line ${line} of ${name} ${what}.`, {
    next: 'Check the file; OBO 1.0 to 1.4 is read. OWL is converted with: robot convert --input x.owl --output x.obo.',
  });

/** The header first, then each stanza. A line that ends in a backslash goes on in the next. */
function stanzasOf(text: string, name: string): Stanza[] {
  const stanzas: Stanza[] = [{ type: 'header', clauses: [], line: 1 }];
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let written = lines[i];
    while (/(^|[^\\])(\\\\)*\\$/.test(written) && i + 1 < lines.length)
      written = `${written.slice(0, -1)}${lines[++i]}`;
    const bare = written.trim();
    if (bare === '' || bare.startsWith('!')) continue;
    const opened = /^\[([^\]\s]+)\]\s*(!.*)?$/.exec(bare);
    if (opened) stanzas.push({ type: opened[1], clauses: [], line });
    else stanzas[stanzas.length - 1].clauses.push(clauseOf(bare, line, name));
  }
  if (!stanzas[0].clauses.some(({ tag }) => tag === 'format-version') && stanzas.length === 1)
    throw broken(name, 1, 'is of no OBO file: there is neither format-version nor a stanza');
  return stanzas;
}

function clauseOf(bare: string, line: number, name: string): Clause {
  const tag = /^([^\s:]+):/.exec(bare)?.[1];
  if (tag === undefined) throw broken(name, line, `has no tag: '${bare.slice(0, 60)}'`);
  return { tag, value: withoutTail(bare.slice(tag.length + 1)).trim(), line };
}

/** A value without its hidden comment (`! neuron`) and without its qualifiers (`{source="…"}`), unless they stand in quotes. */
function withoutTail(value: string): string {
  let end = value.length;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === '"') quoted = !quoted;
    else if (!quoted && value[at] === '!' && /\s/.test(value[at - 1] ?? ' ')) {
      end = at;
      break;
    }
  }
  return value.slice(0, end).replace(/\s\{(?:[^"{}\\]|\\.|"(?:[^"\\]|\\.)*")*\}\s*$/, '');
}

const letters: Record<string, string> = { n: '\n', W: ' ', t: '\t' };
const unescaped = (text: string) => text.replace(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter);
const idOf = (value: string) => unescaped(/^(?:\\.|[^\s\\])*/.exec(value)?.[0] ?? '');

/** What stands in quotes at the beginning, and what follows. Throws `bad-input`. */
function quotedOf({ value, line, tag }: Clause, name: string): { text: string; rest: string } {
  const found = /^"((?:[^"\\]|\\.)*)"/s.exec(value);
  if (!found) throw broken(name, line, `has a ${tag} that is not in quotes`);
  return { text: unescaped(found[1]), rest: value.slice(found[0].length).trim() };
}

/** Takes what a clause says of a term; false where it is not kept. */
function take(term: OntologyTerm, clause: Clause, name: string): boolean {
  const { tag, value } = clause;
  const lists: Record<string, string[]> = {
    replaced_by: term.replacedBy,
    consider: term.consider,
    alt_id: term.alternateIds,
    xref: term.xrefs,
  };
  if (Object.hasOwn(lists, tag)) lists[tag].push(idOf(value));
  else if (tag === 'name') term.name = unescaped(value);
  else if (tag === 'def') term.definition = quotedOf(clause, name).text;
  else if (tag === 'is_obsolete') term.isObsolete = value === 'true';
  else if (tag === 'is_a') term.relations.push({ predicate: 'is_a', object: idOf(value) });
  else if (tag === 'relationship') term.relations.push(relationOf(clause, name));
  else if (tag === 'synonym' || Object.hasOwn(oldScopes, tag)) term.synonyms.push(synonymOf(clause, name));
  else return false;
  return true;
}

function relationOf({ value, line }: Clause, name: string): { predicate: string; object: string } {
  const predicate = idOf(value);
  const object = idOf(value.slice(/^(?:\\.|[^\s\\])*/.exec(value)?.[0].length ?? 0).trim());
  if (predicate === '' || object === '') throw broken(name, line, 'has a relationship without its term');
  return { predicate, object };
}

/** A synonym is RELATED where nothing is said. */
function synonymOf(clause: Clause, name: string): { text: string; scope: SynonymScope } {
  const { text, rest } = quotedOf(clause, name);
  if (Object.hasOwn(oldScopes, clause.tag)) return { text, scope: oldScopes[clause.tag] };
  const word = /^[A-Z]+/.exec(rest)?.[0] ?? 'RELATED';
  // SAFETY: a word of the set is a scope.
  return { text, scope: scopes.has(word) ? (word as SynonymScope) : 'RELATED' };
}

function aboutOf(clauses: Clause[]): Partial<Ontology> {
  const of = (tag: string) => clauses.find((clause) => clause.tag === tag)?.value;
  const property = (names: RegExp) => {
    const found = clauses.find(({ tag, value }) => tag === 'property_value' && names.test(idOf(value)));
    const said = found?.value.slice(idOf(found.value).length).trim();
    return said?.startsWith('"') ? unescaped(/^"((?:[^"\\]|\\.)*)"/.exec(said)?.[1] ?? '') : said && idOf(said);
  };
  return {
    id: of('ontology') ?? of('default-namespace'),
    version: of('data-version') ?? of('date'),
    title: property(/(terms\/|elements\/1\.1\/|dcterms[:-]|dc[:-])title$/),
    licence: property(/(terms\/|dcterms[:-]|dc[:-])license$/),
  };
}
