"""The demonstration: the shipped life plays, and bad input is told in one line."""

from pathlib import Path

import pytest

from lifecycle import demo


def test_it_plays_the_example_with_dates_states_powers_and_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 0
    told = capsys.readouterr().out
    assert "2026-03-15  asked a day early: suspend refused on 2026-03-15: 1.12 needs 10 days overdue" in told
    assert max(map(len, told.splitlines())) <= 160
    assert "without effect - 8.5: email gives no notice" in told
    assert "2026-08-20 (learned 2026-09-02)  1200.00 USD paid for INV-2" in told
    assert "from 2028-04-15: provider may terminate for a proceeding not dismissed [3.2(b)(ii)]" in told
    assert told.rstrip().endswith("no state follows.")


@pytest.mark.parametrize("content", [None, "", '{"agreement":', "[]\n"])
def test_a_file_that_is_no_history_is_told_in_one_line(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "history.jsonl"
    if content is not None:
        path.write_text(content)
    assert demo.main([str(path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("history")
