"""Reads a Jupyter notebook from standard input; exit code 1 and the reason when nbformat finds it invalid."""

import sys

import nbformat

nbformat.validate(nbformat.reads(sys.stdin.read(), as_version=nbformat.NO_CONVERT))
