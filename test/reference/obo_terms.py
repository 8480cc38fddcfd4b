"""The terms of an OBO file as pronto reads them, as JSON on standard output."""

import json
import sys

import pronto

ontology = pronto.Ontology(sys.argv[1], import_depth=0)
print(
    json.dumps(
        {
            term.id: {
                "name": term.name,
                "definition": None if term.definition is None else str(term.definition),
                "obsolete": term.obsolete,
                "replaced_by": sorted(other.id for other in term.replaced_by),
                "synonyms": sorted([one.description, one.scope] for one in term.synonyms),
                "alternates": sorted(term.alternate_ids),
                "parents": sorted(one.id for one in term.superclasses(distance=1, with_self=False)),
            }
            for term in ontology.terms()
        }
    )
)
