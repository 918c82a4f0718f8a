"""The pages in docs are held to the data they speak of; ``make pages`` writes their tables anew."""

import contextlib
import importlib
import inspect
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

from lifecycle import terms
from lifecycle.terms import model
from tests.reference import BEGIN as COMMANDS
from tests.reference import reference
from tests.tutorial import followed

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def blocks(page: str, language: str) -> list[str]:
    """The code of a page in one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), flags=re.M | re.S)


SHOWN = [
    ("write-your-terms.md", "examples/harbour/harbour-hosting-2026.toml"),
    ("house-policy.md", "examples/house/policy.toml"),
]


@pytest.mark.parametrize(("page", "file"), SHOWN)
def test_the_toml_of_a_page_is_the_file_it_speaks_of(page: str, file: str) -> None:
    assert "\n".join(blocks(page, "toml")) == (ROOT / file).read_text(encoding="utf-8")


# ---- the form of Terms, from the words of a contract ---------------------------------------------------------

FORM = (
    *(model.Clause, model.Clock, model.Kind, model.NoticeKind, model.NoticeRule, model.Method, model.Counting),
    *(model.Power, model.Duty, model.Effect, model.Rule, model.Trial, model.OrderForm, model.Renewal),
    *(model.Framework, model.Amendment, model.Survival, model.LeftOut, model.Reading, model.Alternative, model.Patch),
)


@pytest.mark.parametrize("shape", FORM, ids=lambda shape: shape.__name__)
def test_every_key_of_the_form_has_its_words_in_a_contract(shape: type[attrs.AttrsInstance]) -> None:
    table = (DOCS / "write-your-terms.md").read_text(encoding="utf-8").partition("## I read, I write")[2]
    keys = {field.name for field in attrs.fields(shape)} - {"id"}
    assert {key for key in keys if not re.search(rf"\b{key}\b", table)} == set()


def test_every_matter_of_the_course_has_its_words_in_a_contract() -> None:
    page = (DOCS / "write-your-terms.md").read_text(encoding="utf-8")
    assert [kind for kind in model.DERIVED_KINDS if f'["{kind}"]' not in page] == []


# ---- the readings of the Modal Terms -------------------------------------------------------------------------

BEGIN, END = "<!-- readings of modal-2024-03-26 -->\n", "<!-- end -->"


def readings() -> str:
    """The readings of the Modal Terms, by clause, as a table."""
    rows = ["| key | clause | question | default | or |", "|---|---|---|---|---|"]
    for reading in terms.load("modal-2024-03-26").readings:
        others = "; ".join(reading.meanings[1:])
        rows.append(f"| `{reading.key}` | {reading.clause} | {reading.question} | {reading.default} | {others} |")
    return "\n".join(rows) + "\n"


def test_the_table_of_readings_is_that_of_the_terms() -> None:
    page = (DOCS / "readings.md").read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == readings(), "stale: make pages"


# ---- the faults that mean the same ---------------------------------------------------------------------------

SAME = "<!-- faults that mean the same -->\n"


def faults_that_mean_the_same() -> str:
    """The faults that nothing can notice, by module and reason, as a table."""
    where: dict[tuple[str, str], list[str]] = {}
    with (ROOT / "tests" / "seeded" / "same.toml").open("rb") as stream:
        for same in tomllib.load(stream)["same"]:
            _, module, function = same["function"].split(".", 2)
            where.setdefault((module, same["why"]), []).append(function.rpartition(".")[2])
    rows = ["| where | faults | why nothing can notice |", "|---|--:|---|"]
    for (module, why), functions in where.items():
        names = ", ".join(f"`{function}`" for function in dict.fromkeys(functions))
        rows.append(f"| `{module}`: {names} | {len(functions)} | {why} |")
    return "\n".join(rows) + "\n"


def test_every_fault_that_means_the_same_is_one_of_a_line_that_still_stands_in_its_function() -> None:
    """One whose line has changed is asked about anew by ``make mutants``; here it is out of the list."""
    with (ROOT / "tests" / "seeded" / "same.toml").open("rb") as stream:
        every = tomllib.load(stream)["same"]
    stale = []
    for same in every:
        _, module, *names = same["function"].split(".")
        found: Any = importlib.import_module(f"lifecycle.{module}")
        for name in names:
            found = inspect.getattr_static(found, name)
        source = " ".join(inspect.getsource(inspect.unwrap(getattr(found, "fget", found))).split())
        if " ".join(same["was"].removeprefix("def ").split()) not in source:
            stale.append(f"{same['function']}: {same['was']}")
    assert stale == []


def test_the_table_of_faults_that_mean_the_same_is_that_of_their_list() -> None:
    page = (DOCS / "proof.md").read_text(encoding="utf-8")
    assert page.partition(SAME)[2].partition(END)[0] == faults_that_mean_the_same(), "stale: make pages"


# ---- the reference of the command ----------------------------------------------------------------------------


def test_the_reference_of_the_command_is_that_of_its_help() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    assert page.partition(COMMANDS)[2].partition(END)[0] == reference(), "stale: make pages"


# ---- what is followed in a terminal ----------------------------------------------------------------------------


def test_following_the_tutorial_says_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If not, and what is said now is right: make pages."""
    page = (DOCS / "five-minutes.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert followed(page) == page


# ---- links ---------------------------------------------------------------------------------------------------

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(ROOT.glob("examples/*/*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if heading:
            assert heading in headings(file), target


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def write(name: str, begin: str, content: str) -> None:
    """Put what was made in its place on a page."""
    path = DOCS / name
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    path.write_text(before + begin + content + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    write("readings.md", BEGIN, readings())
    write("proof.md", SAME, faults_that_mean_the_same())
    write("command-line.md", COMMANDS, reference())
    tutorial = DOCS / "five-minutes.md"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        told = followed(tutorial.read_text(encoding="utf-8"))
    tutorial.write_text(told, encoding="utf-8")
