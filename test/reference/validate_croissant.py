"""Errors and warnings of mlcroissant for each file named. stdout: JSON {file: {errors, warnings}}."""
import json
import sys

import mlcroissant as mlc

found = {}
for file in sys.argv[1:]:
    try:
        dataset = mlc.Dataset(jsonld=file)
        issues = dataset.metadata.ctx.issues
        found[file] = {"errors": sorted(issues.errors), "warnings": sorted(issues.warnings)}
    except Exception as error:  # what makes it no Croissant at all
        found[file] = {"errors": [str(error)], "warnings": []}
json.dump(found, sys.stdout)
