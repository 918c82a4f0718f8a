"""Whether Terms have the properties that any should have, proved over everything that can happen under them."""

from lifecycle.proving.claims import Claim, Counterexample, Failure
from lifecycle.proving.graph import TooLarge
from lifecycle.proving.proof import Proof, Property
from lifecycle.proving.properties import PROPERTIES, prove

__all__ = ["PROPERTIES", "Claim", "Counterexample", "Failure", "Proof", "Property", "TooLarge", "prove"]
