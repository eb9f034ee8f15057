"""One stage while it waits, runs and is over: the results and outputs of its jobs, as expressions see them."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.pipelines.expressions import Named, Value
from sandbox.pipelines.graph import Graph, make_graph
from sandbox.pipelines.job_legs import Leg
from sandbox.pipelines.model import Job, Stage
from sandbox.pipelines.results import Result, of_parts
from sandbox.pipelines.variables import Variables


@dataclass
class JobRun:
    """One job of the definition, called `title` in logs; `waiting` and `running` are the legs that are not over yet.

    Who starts `after_cancel` because its condition wants it so is not touched by that cancellation any more.
    """

    job: Job
    title: str
    result: Result | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    variables: Variables | None = None
    waiting: list[Leg] = field(default_factory=list)
    running: int = 0
    after_cancel: bool = False
    leg_results: list[Result] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.variables is not None and self.result is None

    def context(self) -> Named:
        return Named({"result": _word(self.result), "outputs": Named(dict(self.outputs))})


class StageRun:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.graph: Graph = make_graph("Job", [(job.name, job.depends_on, job.position) for job in stage.jobs])
        self.jobs = {job.name: JobRun(job, job.name) for job in stage.jobs}
        self.variables: Variables | None = None
        self.result: Result | None = None
        self.started = 0.0
        self.after_cancel = False
        self.at_gate = False

    @property
    def is_waiting(self) -> bool:
        return self.variables is None and self.result is None and not self.at_gate

    @property
    def is_open(self) -> bool:
        return self.variables is not None and self.result is None

    @property
    def is_done(self) -> bool:
        return all(run.result is not None for run in self.jobs.values())

    def ready_jobs(self) -> list[JobRun]:
        return [run for name, run in self.jobs.items() if run.result is None and run.variables is None
                and all(self.jobs[other].result is not None for other in self.graph[name])]

    def close(self, result: Result | None = None) -> Result:
        """The end of the stage; jobs that never started were skipped."""
        for run in self.jobs.values():
            run.result = run.result or Result.SKIPPED
        self.result = result or of_parts([run.result for run in self.jobs.values() if run.result])
        return self.result

    def job_results(self, names: Iterable[str]) -> dict[str, Result]:
        return {name: result for name in names if (result := self.jobs[name].result)}

    def dependencies_of(self, name: str) -> Named:
        """`dependencies` for a job: the jobs it names in dependsOn."""
        return Named({other: self.jobs[other].context() for other in self.graph[name]})

    def as_dependency(self) -> Named:
        """This stage in `dependencies` of a stage: its outputs carry the job's name in front."""
        outputs = {f"{name}.{key}": value for name, run in self.jobs.items() for key, value in run.outputs.items()}
        return Named({"result": _word(self.result), "outputs": Named(dict(outputs))})

    def as_stage_dependency(self) -> Named:
        """This stage in `stageDependencies`: its jobs by name."""
        return Named({name: run.context() for name, run in self.jobs.items()})


def tell_apart(stages: Iterable[StageRun]) -> None:
    """Put the stage before the title of a job where two stages have a job of that name."""
    runs = [(stage.stage.name, job) for stage in stages for job in stage.jobs.values()]
    counts = Counter(job.job.name.casefold() for _, job in runs)
    for stage, job in runs:
        if counts[job.job.name.casefold()] > 1:
            job.title = f"{stage}.{job.job.name}"


def stage_contexts(stages: Mapping[str, StageRun], direct: Iterable[str], reachable: Iterable[str]) -> dict[str, Value]:
    return {
        "dependencies": Named({name: stages[name].as_dependency() for name in direct}),
        "stagedependencies": Named({name: stages[name].as_stage_dependency() for name in reachable}),
    }


def _word(result: Result | None) -> Value:
    return result.word if result else None
