"""The pictures in ``diagrams`` and in README are those of the shipped Terms; ``make diagrams`` draws them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lifecycle import files
from lifecycle.agreement import Agreement
from lifecycle.demo import example
from lifecycle.diagrams import Picture, marked, picture, render
from lifecycle.diagrams.picture import DETAILS
from lifecycle.terms import Terms, load, published

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "diagrams"
MODAL = "modal-2024-03-26"
DAY = "2026-03-10"  # INV-1 is unpaid and on notice; nothing is suspended yet

_TOP = """# Pictures

The life of an agreement under each of the Terms published here, as `lifecycle diagram` draws it from them: in words
[docs/pictures.md](../docs/pictures.md) says what each mark means. Made by `make diagrams`, and never by hand.
"""


def drawn() -> Iterator[tuple[str, str]]:
    """The name of each file and what is in it."""
    for terms in map(load, published()):
        for detail in DETAILS:
            yield from _files(f"{terms.id}.{detail}", picture(terms, detail=detail))
    account = Agreement(files.read(example()))
    yield from _files("acme", marked(picture(account.terms_at(DAY), detail="full"), account, DAY))
    yield "README.md", "\n".join([_TOP, *map(_shown, map(load, published())), _account()])


def _files(name: str, made: Picture) -> Iterator[tuple[str, str]]:
    yield f"{name}.mmd", render(made, "mermaid")
    yield f"{name}.dot", render(made, "dot")
    yield f"{name}.json", render(made, "json")
    yield f"{name}.svg", render(made, "svg")
    yield f"{name}.dark.svg", render(made, "svg", theme="dark")


def _shown(terms: Terms) -> str:
    pictures = (f"{_both(f'{terms.id}.{detail}', f'{terms.title}, {detail}')}\n" for detail in DETAILS)
    return "\n".join([f"## {terms.title}\n", *pictures])


def _account() -> str:
    return f"## An account\n\n[`examples/acme`](../examples/acme) on {DAY}.\n\n{_both('acme', f'acme on {DAY}')}\n"


def _both(name: str, words: str, folder: str = "") -> str:
    """A picture for light and for dark pages."""
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{folder}{name}.dark.svg">\n'
        f'  <img alt="{words}" src="{folder}{name}.svg">\n'
        "</picture>"
    )


def test_the_pictures_are_fresh() -> None:
    made = dict(drawn())
    assert {path.name for path in FOLDER.iterdir()} == set(made), "stale: make diagrams"
    for name, content in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == content, f"stale: make diagrams ({name})"


def test_no_picture_is_too_large_for_a_repository() -> None:
    assert max(len(content.encode()) for _, content in drawn()) < 100_000


def test_the_readme_shows_the_overview_of_the_modal_terms() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    alt = "The life of an agreement under the Modal Terms of Service"
    assert _both(f"{MODAL}.overview", alt, "diagrams/") in page
    assert f"```mermaid\n{render(picture(load(MODAL)), 'mermaid')}```" in page


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, content in drawn():
        (FOLDER / name).write_text(content, encoding="utf-8")
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("```mermaid\n")
    text = render(picture(load(MODAL)), "mermaid")
    readme.write_text(f"{before}```mermaid\n{text}```{rest.partition('```')[2]}", encoding="utf-8")
