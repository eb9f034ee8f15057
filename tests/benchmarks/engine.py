"""How long the pipeline engine takes to expand, how that grows, and how much memory a large pipeline needs."""
from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.templates.expand import expand
from tests.benchmarks.peak_memory import peak_in

ROOT = Path(__file__).parents[2]
RUNS = 5
STEPS = 2_000
# The steps of the cluster pipeline in one stage for each environment, as a promotion repeats them.
PROMOTION = """\
parameters:
  - name: environments
    type: object
    default: [{names}]
stages:
  - ${{{{ each environment in parameters.environments }}}}:
      - stage: ${{{{ environment }}}}
        jobs:
          - job: deploy
            steps:
              - template: pipelines/steps/prepare_agent.yml
                parameters: {{pythonVersion: '>=3.10'}}
{steps}
"""
STEP = """\
              - template: pipelines/steps/run_step.yml
                parameters: {step: %s, displayName: Run a step, reachesWorkspace: true}
"""
STEP_NAMES = ("validate_config", "generate_cluster_config", "generate_libraries", "create_or_edit_cluster",
              "set_cluster_permissions", "install_libraries")


def figures() -> list[str]:
    times = {count: _promotion_milliseconds(count) for count in (1, 3, 10, 100)}
    lines = ["engine, in-process, median of 5: the cluster pipeline's steps in one stage for each environment"]
    lines += [f"  {count:3d} environments {spent:8.1f} ms {spent / count:6.2f} ms each"
              for count, spent in times.items()]
    return [*lines, _large_pipeline(), _start()]


def _promotion_milliseconds(count: int) -> float:
    names = ", ".join(f"env{number}" for number in range(count))
    text = PROMOTION.format(names=names, steps="".join(STEP % name for name in STEP_NAMES).rstrip())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(ROOT / "pipelines", folder / "pipelines")
        (folder / "entry.yml").write_text(text, encoding="utf-8")
        return statistics.median(_expansion(folder) for _ in range(RUNS))


def _expansion(folder: Path) -> float:
    started = time.perf_counter()
    repositories = Repositories()
    repositories.add_folder("self", folder)
    expand("entry.yml", repositories, repositories.resolve("self", ""), parameters={}, predefined={})
    return (time.perf_counter() - started) * 1000


def _large_pipeline() -> str:
    """A process of its own, so that its peak memory is that of one expansion."""
    step = "- script: echo step {0}\n  displayName: Step {0}\n  env: {{NUMBER: '${{{{ parameters.x }}}}'}}\n"
    head = "parameters:\n- name: x\n  default: y\nsteps:\n"
    with tempfile.TemporaryDirectory() as place:
        entry = Path(place) / "entry.yml"
        entry.write_text(head + "".join(step.format(number) for number in range(STEPS)), encoding="utf-8")
        seconds, megabytes = _command(["pipelines", "expand", str(entry)])
    return f"  a pipeline of {STEPS:,} steps: {seconds:.2f} s for the whole command, peak {megabytes:.0f} MB"


def _start() -> str:
    with tempfile.TemporaryDirectory() as place:
        entry = Path(place) / "entry.yml"
        entry.write_text("steps:\n- script: echo\n", encoding="utf-8")
        seconds = statistics.median(_command(["pipelines", "expand", str(entry)])[0] for _ in range(RUNS))
    return f"  python -m sandbox pipelines expand of one step: {seconds:.2f} s"


def _command(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak MB of one sandbox command; it reads its own peak, for a parent's would be counted in."""
    program = ("import sys; from sandbox.__main__ import main; code = main(sys.argv[1:]); "
               "sys.stderr.write(open('/proc/self/status').read()); sys.exit(code)")
    started = time.perf_counter()
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    return seconds, peak_in(done.stderr)
