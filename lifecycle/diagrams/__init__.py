"""Pictures of an agreement's life: from the machine's table and the Terms, never drawn by hand.

Two pure steps: :func:`picture` makes frozen data from Terms (:func:`marked` adds where an account is), and
:func:`render` makes text of it, in one of :data:`FORMATS`.

>>> from lifecycle.terms import load
>>> print(render(picture(load("modal-2024-03-26"), only="renew"), "mermaid").splitlines()[0])
stateDiagram-v2
"""

from lifecycle.diagrams.data import data
from lifecycle.diagrams.formats import FORMATS, render
from lifecycle.diagrams.marking import marked
from lifecycle.diagrams.picture import Arrow, Mark, Picture, Place, Way
from lifecycle.diagrams.sketch import picture
from lifecycle.diagrams.theme import THEMES

__all__ = ["FORMATS", "THEMES", "Arrow", "Mark", "Picture", "Place", "Way", "data", "marked", "picture", "render"]
