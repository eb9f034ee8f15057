from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.azure_devops.runs.counters import Counters


def test_runs_that_count_at_the_same_time_get_different_numbers(tmp_path: Path) -> None:
    count = Counters(tmp_path / "counters.json").of(1)
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: count("minor", 100), range(200)))
    assert sorted(numbers) == list(range(100, 300))


def test_every_pipeline_and_every_name_is_counted_alone(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters.json")
    counted = [(1, "a"), (1, "b"), (2, "a"), (1, "a")]
    assert [counters.of(pipeline)(name, 0) for pipeline, name in counted] == [0, 0, 0, 1]


def test_counting_goes_on_after_a_restart(tmp_path: Path) -> None:
    Counters(tmp_path / "counters.json").of(1)("minor", 7)
    assert Counters(tmp_path / "counters.json").of(1)("minor", 7) == 8
