"""Small signs, told apart by their shape: states, holders, standings, heads of arrows. Each in a square of 12, or of 20
for a state, from its upper left corner.
"""

from __future__ import annotations

from lifecycle.diagrams.elements import el, path
from lifecycle.diagrams.picture import Way
from lifecycle.diagrams.theme import Theme

SIZE = 12.0


def of_state(state: str, ink: str) -> str:
    """The sign of a state: an hourglass, play, turn, pause, stop."""
    match state:
        case "trial":
            sand = path(
                "M5 3H15L10 10ZM10 10L15 17H5Z", fill="none", stroke=ink, stroke_width=1.8, stroke_linejoin="round"
            )
            return sand + path("M7.2 15.6L10 12L12.8 15.6Z", fill=ink)
        case "active":
            return path("M5 3L16.5 10L5 17Z", fill=ink)
        case "renewed":
            arc = path("M15.6 12.5A6.2 6.2 0 1 1 15.2 6.6", fill="none", stroke=ink, stroke_width=2.2)
            return arc + path("M17.6 3.2V9.4H11.4Z", fill=ink)
        case "suspended":
            return path("M4.5 3H8.5V17H4.5ZM11.5 3H15.5V17H11.5Z", fill=ink)
        case _:
            return path("M4 4H16V16H4Z", fill=ink)


def colour_of(way: Way, theme: Theme) -> str:
    if way.automatic:
        return theme.itself
    return {"provider": theme.provider, "customer": theme.customer}.get(way.who, theme.shared)


def of_holder(way: Way, theme: Theme) -> str:
    """The sign of who takes a way: square, circle, both of them, diamond, triangle, or a dashed ring for nobody."""
    fill = colour_of(way, theme)
    match way.who:
        case _ if way.automatic:
            return el("circle", cx=6, cy=6, r=4.6, fill="none", stroke=fill, stroke_width=1.6, stroke_dasharray="2.4 2")
        case "provider":
            return path("M1.5 1.5H10.5V10.5H1.5Z", fill=fill)
        case "customer":
            return el("circle", cx=6, cy=6, r=5, fill=fill)
        case "either party":
            return path("M0 3.2H5.4V8.8H0Z", fill=fill) + el("circle", cx=9.2, cy=6, r=2.9, fill=fill)
        case "both together":
            return path("M6 0.2L11.8 6L6 11.8L0.2 6Z", fill=fill)
        case "side concerned":
            return path("M0.8 1.5H11.2L6 11Z", fill=fill)
        case _:
            return path("M6 1L11.2 10.5H0.8Z", fill=fill)


def of_standing(way: Way, theme: Theme) -> str:
    """The sign of how a way stands: a tick in a disc, a clock, an empty ring."""
    match way.standing:
        case "open":
            disc = el("circle", cx=6, cy=6, r=6, fill=theme.open)
            return disc + path("M3.2 6.3L5.3 8.4L9 4", fill="none", stroke=theme.card, stroke_width=1.8)
        case "opens":
            ring = el("circle", cx=6, cy=6, r=5, fill="none", stroke=theme.opens, stroke_width=1.6)
            return ring + path("M6 3V6.3L8.4 7.6", fill="none", stroke=theme.opens, stroke_width=1.5)
        case _:
            return el("circle", cx=6, cy=6, r=4.8, fill="none", stroke=theme.waits, stroke_width=1.6)


def pin(fill: str) -> str:
    """The sign of where an account is."""
    return path(
        "M6 0.5A4.3 4.3 0 0 1 10.3 4.8C10.3 7.6 6 11.8 6 11.8C6 11.8 1.7 7.6 1.7 4.8A4.3 4.3 0 0 1 6 0.5Z", fill=fill
    )


def turn(ink: str) -> str:
    """The sign of an arrow back to where it starts."""
    arc = path("M9.6 8A4.2 4.2 0 1 1 9.6 4", fill="none", stroke=ink, stroke_width=1.5)
    return arc + path("M11.4 1.6V6H7Z", fill=ink)


def head(x: float, y: float, towards: str, fill: str) -> str:
    """The head of an arrow whose point is at x, y."""
    dx, dy = {"down": (0, -1), "up": (0, 1), "right": (-1, 0), "left": (1, 0)}[towards]
    back_x, back_y = x + 9 * dx, y + 9 * dy
    side_x, side_y = 5 * abs(dy), 5 * abs(dx)
    points = f"{x:g},{y:g} {back_x - side_x:g},{back_y - side_y:g} {back_x + side_x:g},{back_y + side_y:g}"
    return el("polygon", points=points, fill=fill)
