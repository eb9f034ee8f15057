"""What dbx does before it executes a task: a wheel is sent to DBFS, installed, and entered."""
from __future__ import annotations

import base64

from tests.sandbox.databricks.commands.conftest import Bench
from tests.sandbox.databricks.notebooks.wheels import wheel

WHEEL = "our_lib-1.0-py3-none-any.whl"
INSTALL = f"%pip install --force-reinstall /dbfs/dist/{WHEEL}"


def send(bench: Bench, source: str) -> None:
    content = base64.b64encode(wheel("our_lib", source, "run = our_lib:main")).decode()
    assert bench.client.post("2.0/dbfs/put", path=f"/dist/{WHEEL}", contents=content, overwrite=True).status == 200


def test_wheel_of_dbfs_is_installed_and_entered(bench: Bench) -> None:
    """H: the commands of `dbx execute`, as 0.8.19 sends them."""
    send(bench, "import sys\n\ndef main():\n    print(sys.argv)\n")
    bench.data(INSTALL)
    bench.data("""
        import sys
        sys.argv = ['python', 'a']
        """)
    assert bench.data("""
        from importlib.metadata import entry_points
        next(point for point in entry_points(group="console_scripts") if point.name == "run").load()()
        """) == "['python', 'a']"


def test_wheel_that_is_sent_again_is_installed_again(bench: Bench) -> None:
    for source in ("NAME = 'old'\n", "NAME = 'new'\n"):
        send(bench, source)
        bench.data(INSTALL)
    assert bench.data("import our_lib; print(our_lib.NAME)") == "new"


def test_failed_installation_is_an_error(bench: Bench) -> None:
    results = bench.results("%pip install --no-index /dbfs/dist/nothing.whl")
    assert (results["resultType"], "failed with exit code" in results["summary"]) == ("error", True)
