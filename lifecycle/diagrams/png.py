"""An SVG picture as pixels. The only module that knows its renderer."""

from __future__ import annotations

from lifecycle.errors import LifecycleError


class NoRenderer(LifecycleError, ImportError):
    """PNG was asked for where nothing can make it."""


_SCALE = 2.0


def png(svg: str) -> bytes:
    """An SVG as PNG, two pixels to each of its units, with the fonts of this machine.

    Raises NoRenderer, naming the extra, where it is not installed.
    """
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise NoRenderer("PNG needs the extra 'pictures': pip install 'contract-lifecycle[pictures]'") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SCALE))
