from __future__ import annotations

from sandbox.databricks.replies import without_empty


def test_reply_leaves_out_what_has_no_value() -> None:
    assert without_empty(rows=[1], next_page_token="", comment=None, tags=[]) == {"rows": [1]}
