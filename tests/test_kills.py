"""A run that is killed where it hurts most: one page, one ending, nothing asked for again that was stored.

`python -m benchmarks.kills` does the same at every point of a run.
"""

import pytest

from benchmarks.kills import kill_at


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("value executive_summary between", id="a section is stored, and nobody knows of it yet"),
        pytest.param("notion write 1 after", id="the page is there, empty, and its id is lost"),
        pytest.param(
            "value notion_page before", id="the page says it all, and nobody knows that it is the first report"
        ),
    ],
)
def test_a_killed_run_is_resumed_to_one_page_and_one_ending(point: str) -> None:
    outcome = kill_at(point)
    assert outcome.problems == []
    assert outcome.again == 0
