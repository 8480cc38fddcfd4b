# Validates an RO-Crate with roc-validator (CRS4, Apache-2.0) and prints {"passed", "profile", "issues"} as JSON. Without a
# network: the JSON-LD context is the one that ro-crate-py (Apache-2.0) ships. Usage: validate_crate.py CRATE SEVERITY
import importlib.resources
import json
import logging
import sys

import rdflib.plugins.shared.jsonld.context as jsonld
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

crate, severity = sys.argv[1:3]
logging.disable(logging.CRITICAL)
context = json.loads((importlib.resources.files("rocrate") / "data" / "ro-crate.jsonld").read_text())


class Answer:
    status_code = 200
    ok = True
    headers = {"Content-Type": "application/ld+json"}
    content = json.dumps(context).encode()
    text = json.dumps(context)

    def json(self):
        return context

    def raise_for_status(self):
        return None


def get(self, url, *args, **kwargs):
    if "w3id.org/ro/crate" in str(url):
        return Answer()
    raise ConnectionError(f"a test asks the network for {url}")


type(HttpRequester()).get = get
jsonld.source_to_json = lambda *args, **kwargs: (context, None)

result = services.validate(
    services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier="process-run-crate",
        requirement_severity=getattr(models.Severity, severity),
        skip_availability_check=True,
    )
)
issues = [
    {"severity": issue.severity.name, "check": issue.check.identifier, "message": issue.message, "entity": str(issue.violatingEntity)}
    for issue in result.get_issues()
]
print(json.dumps({"passed": result.passed(), "issues": issues}))
