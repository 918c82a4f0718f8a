"""Terms as data, and how to load them."""

from lifecycle.terms.library import Library
from lifecycle.terms.loading import load, parse, published, under
from lifecycle.terms.model import Terms

__all__ = ["Library", "Terms", "load", "parse", "published", "under"]
