"""Terms as data, and how to load them."""

from lifecycle.terms.loading import load, parse, published
from lifecycle.terms.model import Terms

__all__ = ["Terms", "load", "parse", "published"]
