"""Reference linear algebra by NumPy: (I - W)^-1, the numerical and the spectral abscissa of W."""

import json
import sys

import numpy

weights = numpy.load(sys.argv[1])
identity = numpy.eye(len(weights))
print(
    json.dumps(
        {
            "inverse": numpy.linalg.inv(identity - weights).ravel().tolist(),
            "numericalAbscissa": float(numpy.linalg.eigvalsh((weights + weights.T) / 2).max()),
            "spectralAbscissa": float(numpy.linalg.eigvals(weights).real.max()),
        }
    )
)
