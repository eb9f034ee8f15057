"""The peak memory of a process in MB, as Linux tells it of its program alone.

`getrusage` counts in what the process that started it had: https://man7.org/linux/man-pages/man2/getrusage.2.html.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# For `python -c`: runs the module that the first argument names, and tells of itself at the end.
MEASURED = ("import runpy, sys\n"
            "del sys.argv[0]\n"
            "try: runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
            "finally: sys.stdout.write(open('/proc/self/status').read())")


def peak_in(status: str) -> float:
    """From the text of /proc/<pid>/status, whatever stands before it."""
    return int(next(line for line in reversed(status.splitlines()) if line.startswith("VmHWM:")).split()[1]) / 1024


def peak_of(process: int | str = "self") -> float:
    return peak_in(Path(f"/proc/{process}/status").read_text(encoding="utf-8"))


def run_measured(module: str, *arguments: str, cwd: Path, env: dict[str, str]) -> float:
    """The peak of `python -m module`; RuntimeError with the end of what it wrote where it fails."""
    done = subprocess.run([sys.executable, "-c", MEASURED, module, *arguments], cwd=cwd, env=env, capture_output=True,
                          text=True, check=False)
    if done.returncode:
        message = f"{module} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-600:]}"
        raise RuntimeError(message)
    return peak_in(done.stdout)
