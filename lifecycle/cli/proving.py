"""``lifecycle terms prove``: every property of Terms, what it means, and a history for each one that fails."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from lifecycle.answers import ClaimTold, FailureTold, PropertyTold, ProvedTold, as_data
from lifecycle.cli.output import BadInput, Output
from lifecycle.days import as_text
from lifecycle.files import append
from lifecycle.proving import Claim, Failure, Proof, prove
from lifecycle.terms import Terms


def run(
    out: Output,
    terms: Terms,
    source: str,
    names: Sequence[str],
    folder: Path | None,
    *,
    nothing_declared: bool,
    as_json: bool,
) -> int:
    """Prove Terms, show what was found, and write the histories that fail a property into a folder. source: where the
    Terms are, as a command that replays a history names them. nothing_declared: a property that holds only because the
    Terms declare it so is not enough.
    """
    with out.progress("looking at everything that can happen") as told:
        proofs = prove(terms, names, told)
    paths = _written(proofs, folder) if folder else {}
    if as_json:
        out.json(as_data(_told(terms, source, proofs, paths)))
    else:
        _page(out, terms, source, proofs, paths)
    enough = all(proof.holds and not (nothing_declared and proof.declared) for proof in proofs)
    return 0 if enough else 1


def _written(proofs: Sequence[Proof], folder: Path) -> dict[int, Path]:
    """The path of each failure's history, by the ``id`` of the failure.

    Raises BadInput, and writes nothing, where something stands at one of them.
    """
    histories = {
        folder / f"{proof.of.name}-{number}.jsonl": failure
        for proof in proofs
        for number, failure in enumerate(proof.failures, start=1)
        if failure.counterexample
    }
    if taken := next((path for path in histories if os.path.lexists(path)), None):
        raise BadInput(
            f"{taken}: is there already, and nothing is written over it: name an empty or a new folder with -o"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: no folder for histories: {error.strerror}") from None
    for path, failure in histories.items():
        assert failure.counterexample
        append(path, failure.counterexample.events, expected=0)
    return {id(failure): path for path, failure in histories.items()}


def _page(out: Output, terms: Terms, source: str, proofs: Sequence[Proof], paths: dict[int, Path]) -> None:
    out.say(f"{terms.title} ({terms.id})", style="bold")
    for key, meaning in terms.chosen.items():
        out.say(f"read with {key}: {meaning}", indent=2, hang=2)
    for proof in proofs:
        out.say()
        mark, style = ("FAILS", "bold red") if not proof.holds else ("holds", "yellow" if proof.declared else "green")
        out.say(f"{mark}: {proof.of.title} [{proof.of.name}]", style=style, hang=2)
        out.say(proof.of.means, indent=2)
        for words in proof.declared:
            out.say(f"so declared: {words}", indent=2, hang=2)
        for failure in proof.failures:
            _failure(out, _failure_told(terms, source, failure, paths.get(id(failure))))
    out.say()
    out.say(_sum(proofs))


def _sum(proofs: Sequence[Proof]) -> str:
    held = [proof for proof in proofs if proof.holds]
    declared = sum(bool(proof.declared) for proof in held)
    failed = len(proofs) - len(held)
    return (
        (f"{len(held)} hold" if failed else f"all {len(proofs)} hold")
        + (f", {declared} of them only because the Terms declare it so" if declared else "")
        + (f", {failed} fail" if failed else "")
    )


def _failure(out: Output, failure: FailureTold) -> None:
    clause = f" ({failure.clause})" if failure.clause else ""
    out.say(f"{failure.problem}{clause}", indent=2, hang=2)
    for claim in failure.claims:
        out.say(f"there is a history in which {claim.text}", indent=4, hang=2)
        for command in claim.commands:
            out.raw(f"    {command}")
    if failure.history:
        out.say(f"written to {failure.history}", indent=4, hang=2)
    elif failure.claims:
        out.say("with -o FOLDER it is written, and the command is told that replays it", indent=4, hang=2)
    else:
        out.say("no history to show it: the library refuses some step of it", indent=4, hang=2)


def _told(terms: Terms, source: str, proofs: Sequence[Proof], paths: dict[int, Path]) -> ProvedTold:
    properties = (
        PropertyTold(
            name=proof.of.name,
            title=proof.of.title,
            means=proof.of.means,
            holds=proof.holds,
            declared=proof.declared,
            failures=tuple(_failure_told(terms, source, failure, paths.get(id(failure))) for failure in proof.failures),
        )
        for proof in proofs
    )
    return ProvedTold(
        terms=terms.id,
        title=terms.title,
        digest=terms.digest,
        readings=dict(terms.chosen),
        holds=all(proof.holds for proof in proofs),
        properties=tuple(properties),
    )


def _failure_told(terms: Terms, source: str, failure: Failure, path: Path | None) -> FailureTold:
    shown = failure.counterexample
    claims = zip(shown.claims, shown.texts(terms), strict=True) if shown else ()
    return FailureTold(
        problem=failure.words,
        clause=failure.clause,
        claims=tuple(
            ClaimTold(
                text=text,
                at=claim.at,
                through=claim.through,
                known_at=claim.known,
                commands=_commands(claim, source, path) if path else (),
            )
            for claim, text in claims
        ),
        history=str(path) if path else None,
    )


def _commands(claim: Claim, source: str, path: Path) -> tuple[str, ...]:
    """What a shell runs to see a claim: the instant in full, because a day stands for its first instant."""
    known = ("--known-at", as_text(claim.known)) if claim.known else ()
    return tuple(
        shlex.join(("lifecycle", question, str(path), "--terms", source, "--at", as_text(at), *known))
        for question, at in claim.questions()
    )
