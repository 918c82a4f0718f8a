"""``lifecycle terms prove``: every property of Terms, what it means, and a history for each one that fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from lifecycle.cli.output import BadInput, Output
from lifecycle.files import write
from lifecycle.proving import Failure, Proof, prove
from lifecycle.proving.world import Progress as Told
from lifecycle.terms import Terms


def run(out: Output, terms: Terms, names: Sequence[str], folder: Path | None, *, as_json: bool) -> int:
    """Prove Terms, show what was found, and write the histories that fail a property into a folder."""
    with _progress(out) as told:
        proofs = prove(terms, names, told)
    paths = _written(proofs, folder) if folder else {}
    if as_json:
        out.json(_as_json(terms, proofs, paths))
    else:
        _page(out, terms, proofs, paths)
    return 0 if all(proof.holds for proof in proofs) else 1


@contextmanager
def _progress(out: Output) -> Iterator[Told | None]:
    """A bar on the console for errors, where somebody watches."""
    if not out.errors.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out.errors, transient=True) as progress:
        task = progress.add_task("looking at everything that can happen", total=None)
        yield lambda part, done, of: progress.update(task, description=part, completed=done, total=of)


def _written(proofs: Sequence[Proof], folder: Path) -> dict[int, Path]:
    """The path of each failure's history, by the ``id`` of the failure."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: no folder for histories: {error.strerror}") from None
    paths = {}
    for proof in proofs:
        for number, failure in enumerate(proof.failures, start=1):
            if failure.counterexample:
                paths[id(failure)] = path = folder / f"{proof.of.name}-{number}.jsonl"
                write(path, failure.counterexample.events)
    return paths


def _page(out: Output, terms: Terms, proofs: Sequence[Proof], paths: dict[int, Path]) -> None:
    out.say(f"{terms.title} ({terms.id})", style="bold")
    for key, meaning in terms.chosen.items():
        out.say(f"read with {key}: {meaning}", indent=2, hang=2)
    for proof in proofs:
        out.say()
        mark, style = ("holds", "green") if proof.holds else ("FAILS", "bold red")
        out.say(f"{mark}: {proof.of.title} [{proof.of.name}]", style=style, hang=2)
        out.say(proof.of.means, indent=2)
        for words in proof.declared:
            out.say(f"so declared: {words}", indent=2, hang=2)
        for failure in proof.failures:
            _failure(out, terms, failure, paths.get(id(failure)))
    failed = sum(not proof.holds for proof in proofs)
    out.say()
    out.say(f"{len(proofs) - failed} hold, {failed} fail" if failed else f"all {len(proofs)} hold")


def _failure(out: Output, terms: Terms, failure: Failure, path: Path | None) -> None:
    clause = f" ({failure.clause})" if failure.clause else ""
    out.say(f"{failure.words}{clause}", indent=2, hang=2)
    if failure.counterexample is None:
        out.say("no history to show it: the library refuses some step of it", indent=4, hang=2)
        return
    for text in failure.counterexample.texts(terms):
        out.say(f"there is a history in which {text}", indent=4, hang=2)
    if path:
        out.say(f"written to {path}", indent=4, hang=2)


def _as_json(terms: Terms, proofs: Sequence[Proof], paths: dict[int, Path]) -> dict[str, Any]:
    told = [
        {
            "name": proof.of.name,
            "title": proof.of.title,
            "means": proof.of.means,
            "holds": proof.holds,
            "declared": list(proof.declared),
            "failures": [_failure_as_json(terms, failure, paths.get(id(failure))) for failure in proof.failures],
        }
        for proof in proofs
    ]
    holds = all(proof.holds for proof in proofs)
    return {
        "terms": terms.id,
        "title": terms.title,
        "digest": terms.digest,
        "readings": dict(terms.chosen),
        "holds": holds,
        "properties": told,
    }


def _failure_as_json(terms: Terms, failure: Failure, path: Path | None) -> dict[str, Any]:
    shown = failure.counterexample
    return {
        "problem": failure.words,
        "clause": failure.clause,
        "claims": list(shown.texts(terms)) if shown else [],
        "history": str(path) if path else None,
    }
