"""Runs every example: in docstrings, in README and in docs."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

pytest_collect_file = (
    Sybil(parsers=[DocTestParser()], patterns=["lifecycle/*.py", "lifecycle/**/*.py"])
    + Sybil(parsers=[PythonCodeBlockParser()], patterns=["*.md", "docs/*.md", "docs/**/*.md"])
).pytest()
