"""Runs every example: in docstrings, in README and in docs. Names the profiles of Hypothesis: with
``HYPOTHESIS_PROFILE=deep`` it tries much more than the gate has time for, and something else each time. The gate says
the same whenever it is asked about the same code.
"""

import os

from hypothesis import Phase, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2_000, deadline=None)
# Whether a fault is seen is all that is asked of it: the example that shows it need not be made small.
found = (Phase.explicit, Phase.generate)
settings.register_profile("mutants", max_examples=25, deadline=None, derandomize=True, database=None, phases=found)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_collect_file = (
    Sybil(parsers=[DocTestParser()], patterns=["lifecycle/*.py", "lifecycle/**/*.py"])
    + Sybil(parsers=[PythonCodeBlockParser()], patterns=["*.md", "docs/*.md", "docs/**/*.md"])
).pytest()
