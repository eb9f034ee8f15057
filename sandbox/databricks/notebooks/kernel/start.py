"""Run as a script: imports the kernel, then takes this project off the import path of whatever runs here."""
from __future__ import annotations

import sys
from pathlib import Path


def start() -> None:
    root = str(Path(__file__).parents[4])
    sys.path.insert(0, root)
    from sandbox.databricks.notebooks.kernel.main import main

    sys.path.remove(root)
    # A product may have packages of these names.
    for name in [name for name in sys.modules if name.partition(".")[0] == "sandbox"]:
        del sys.modules[name]
    main(int(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    start()
