"""The tasks of a job as the Jobs API takes them, each value with who set it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from steps.lib.cluster.config import CONVENTION
from steps.lib.config.locks import Request, fill
from steps.lib.config.provenance import Origin, SetValue
from steps.lib.findings import Finding
from steps.lib.jobs.job_config import JobConfig, without_ending
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.jobs.job_libraries import has_own_libraries
from steps.lib.jobs.run_clusters import has_own_cluster
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json

JOB_CLUSTER_KEY = "job_cluster"
_SENT_AS_WRITTEN = ("depends_on", "run_if", "timeout_seconds", "max_retries")
_EVERY_TASK: JsonPath = ("tasks", 0)

Task = Mapping[str, Json]
Pairs = Iterator[tuple[JsonPath, Json]]


def task_values(config: JobConfig, deployment: JobDeployment) -> tuple[list[SetValue], list[Finding]]:
    """Every value below `tasks` and `job_clusters`, and every lock of the team's template that is violated."""
    values = list(_shared_by_tasks(config, deployment))
    findings: list[Finding] = []
    for number, (place, task) in enumerate(config.tasks):
        filled = fill(deployment.template, list(_requests(config, place, task)), _EVERY_TASK)
        findings += filled.findings
        told = [*filled.values, *_work(config, place, deployment.folder),
                *(SetValue(path, value, CONVENTION) for path, value in _conventions(config, task, deployment))]
        values += [SetValue(("tasks", number, *item.path), item.value, item.origin) for item in told]
    return values, findings


def _requests(config: JobConfig, place: JsonPath, task: Task) -> Iterator[Request]:
    # The time limit of a job without tasks is the job's own, not that of its one task.
    places = {key: (*place, key) for key in _SENT_AS_WRITTEN if place and task.get(key) is not None}
    if config.view.get(("max_retries",)) is not None:
        places.setdefault("max_retries", ("max_retries",))
    for key, where in places.items():
        yield _request(config, key, where)


def _request(config: JobConfig, key: str, where: JsonPath) -> Request:
    return Request((key,), config.view.get(where), _origin(config, where),
                   lambda problem: config.view.finding(where, problem))


def _work(config: JobConfig, place: JsonPath, folder: str) -> list[SetValue]:
    """What the task runs, by the key that says it."""
    task = config.view.object(place)
    key = next((key for key in _WORK if task.get(key) is not None), "notebook")
    kind, fields = _WORK[key](task, folder)
    origin = _origin(config, (*place, key))
    return [SetValue((kind, name), value, origin) for name, value in fields.items() if value is not None]


def _origin(config: JobConfig, where: JsonPath) -> Origin:
    return Origin(config.view.file, config.view.line(where))


def _notebook(task: Task, folder: str) -> tuple[str, dict[str, Json]]:
    path = without_ending(str(task.get("notebook")))
    # The parameters of a job without tasks are the job's own.
    parameters = task.get("parameters") if "task_key" in task else None
    return "notebook_task", {"notebook_path": f"{folder}/{path}", "source": "WORKSPACE",
                             "base_parameters": parameters}


def _python_file(task: Task, folder: str) -> tuple[str, dict[str, Json]]:
    return "spark_python_task", {"python_file": f"{folder}/{task['python_file']}", "source": "WORKSPACE",
                                 "parameters": task.get("parameters")}


def _wheel(task: Task, _: str) -> tuple[str, dict[str, Json]]:
    wheel, parameters = task["wheel"], task.get("parameters")
    fields: Task = wheel if isinstance(wheel, dict) else {}
    named = "named_parameters" if isinstance(parameters, dict) else "parameters"
    return "python_wheel_task", {"package_name": fields.get("package_name"), "entry_point": fields.get("entry_point"),
                                 named: parameters}


_WORK = {"notebook": _notebook, "python_file": _python_file, "wheel": _wheel}


def _conventions(config: JobConfig, task: Task, deployment: JobDeployment) -> Pairs:
    yield ("task_key",), config.task_key(task)
    if config.is_high_concurrency:
        yield ("existing_cluster_id",), deployment.cluster_id
    elif len(config.tasks) > 1:
        yield ("job_cluster_key",), JOB_CLUSTER_KEY
    else:
        yield ("new_cluster",), _cluster(config, deployment)
    libraries = [*_libraries(config, deployment), *_wheel_file(task, deployment.folder)]
    if libraries:
        yield ("libraries",), libraries


def _shared_by_tasks(config: JobConfig, deployment: JobDeployment) -> Iterator[SetValue]:
    """One cluster for all tasks of a run. A job of one task has it inside: the service shares only among several."""
    if len(config.tasks) > 1 and not config.is_high_concurrency:
        cluster = {"job_cluster_key": JOB_CLUSTER_KEY, "new_cluster": _cluster(config, deployment)}
        yield SetValue(("job_clusters", 0), cluster, CONVENTION)


def _cluster(config: JobConfig, deployment: JobDeployment) -> Json:
    clusters = deployment.clusters
    return clusters.of(config.name_for(deployment.repository), own=has_own_cluster(config)) if clusters else {}


def _libraries(config: JobConfig, deployment: JobDeployment) -> list[Json]:
    if config.is_high_concurrency or deployment.libraries is None:
        return []
    part = deployment.libraries.of(config.name_for(deployment.repository), own=has_own_libraries(config))
    return part if isinstance(part, list) else []


def _wheel_file(task: Task, folder: str) -> Iterator[Json]:
    wheel = task.get("wheel")
    if isinstance(wheel, dict) and wheel.get("file") is not None:
        yield {"whl": f"/Workspace{folder}/{wheel['file']}"}
