"""The gate of the benchmarks: a loss beyond noise is one, noise and gains are none."""

import json
from pathlib import Path

import pytest

from bench.check import compare, read_measured

STEADY = [0.80, 0.81, 0.80, 0.79, 0.80]


def lost(before: list[float], now: list[float]) -> bool:
    """Whether the one ratio compared counts as lost."""
    (finding,) = compare({"a": before}, {"a": now})
    return finding.lost


def test_the_same_again_is_no_loss() -> None:
    """Nor is a value a few per cent lower, which no run can tell from noise."""
    assert not lost(STEADY, STEADY)
    assert not lost(STEADY, [0.75] * 5)


def test_a_clear_loss_is_one() -> None:
    """A fifth lower in steady runs."""
    assert lost(STEADY, [0.64, 0.65, 0.64, 0.63, 0.64])


def test_a_gain_is_no_loss() -> None:
    """However large."""
    assert not lost(STEADY, [2.0] * 5)


def test_what_is_spread_widely_needs_a_larger_loss() -> None:
    """The same medians, but rounds that differ by more than the loss."""
    assert not lost([0.6, 0.7, 0.8, 0.9, 1.0], [0.44, 0.54, 0.64, 0.74, 0.84])


def test_one_disturbed_round_hides_no_loss() -> None:
    """An outlier does not widen the noise."""
    assert lost([*STEADY[:4], 3.0], [0.64, 0.65, 0.64, 0.63, 0.1])


def test_only_what_both_have_is_compared() -> None:
    """A partial run compares what it has; a run of nothing known is an error."""
    assert [one.name for one in compare({"a": STEADY, "b": STEADY}, {"a": STEADY})] == ["a"]
    with pytest.raises(ValueError, match="make bench"):
        compare({"a": STEADY}, {"c": STEADY})


def test_ratios_are_read_and_seconds_are_not(tmp_path: Path) -> None:
    """Of the files of results only what compares two things of one run."""
    series = {
        "x to y": {"median": 1, "values": [1, 2], "ratio": True},
        "seconds": {"median": 9, "values": [9], "ratio": False},
    }
    path = tmp_path / "throughput.json"
    path.write_text(json.dumps({"name": "throughput", "series": series}))
    assert read_measured(tmp_path) == {"throughput: x to y": [1, 2]}
