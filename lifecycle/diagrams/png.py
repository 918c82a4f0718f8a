"""An SVG picture as pixels. The only module that knows its renderer, which brings its own font: a machine without any
gets the same words.
"""

from __future__ import annotations

from lifecycle.errors import LifecycleError


class NoRenderer(LifecycleError, ImportError):
    """PNG was asked for where nothing can make it."""


def png(svg: str, width: float) -> bytes:
    """An SVG as PNG, so many pixels wide.

    Raises NoRenderer, naming the extra, where it is not installed.
    """
    try:
        import mermaidx
    except ModuleNotFoundError:
        raise NoRenderer("PNG needs the extra 'pictures': pip install 'contract-lifecycle[pictures]'") from None
    return bytes(mermaidx.svg_to_png(svg, width=width))
