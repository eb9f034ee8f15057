from __future__ import annotations

import pytest

from steps.lib.json_files.json_path import JsonPath, show_path


@pytest.mark.parametrize(("path", "shown"), [
    pytest.param((), "", id="top"),
    pytest.param(("a", "b_c", 2, "$schema"), "a.b_c[2].$schema", id="plain"),
    pytest.param(("a", "spark.x"), 'a["spark.x"]', id="dotted-key"),
    pytest.param(("", 'q"q'), '[""]["q\\"q"]', id="empty-and-quoted"),
    pytest.param(("k" * 500,), "k" * 80, id="endless-key"),
])
def test_a_path_reads_as_a_person_writes_it(path: JsonPath, shown: str) -> None:
    assert show_path(path) == shown
