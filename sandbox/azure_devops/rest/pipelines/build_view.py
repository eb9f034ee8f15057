"""A run as the build API shows it, of this process or of an earlier one."""
from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest import projects
from sandbox.azure_devops.rest.call import Call, timestamp
from sandbox.azure_devops.rest.pipelines import definition_view
from sandbox.azure_devops.rest.signatures import identity_reference
from sandbox.azure_devops.runs.run_history import RunRecord
from sandbox.pipelines.request import Identity

_SERVICE = {"id": "00000002-0000-8888-8000-000000000000", "displayName": "Microsoft.VisualStudio.Services.TFS",
            "uniqueName": "00000002-0000-8888-8000-000000000000@2c895908-04e0-4952-89fd-54b0046d6288"}
_BUILD_RESULTS = {"succeeded": "succeeded", "succeededWithIssues": "partiallySucceeded", "canceled": "canceled",
                  "skipped": "succeeded"}


def build(call: Call, project: Project, run: RunRecord) -> dict[str, Any]:
    pipeline = definition_of(project, run)
    by_hand = run.reason == "Manual"
    person = identity(call, run.requested_for)
    record = project.repositories.record(run.repository)
    plan = {"planId": call.organisation.work.plan_id(run.id)}
    return {
        "_links": _links(call, project, run), "properties": {}, "tags": [],
        "validationResults": [{"result": "error", "message": run.error}] if run.error else [],
        "plans": [plan], "triggerInfo": trigger_info(run), "id": run.id, "buildNumber": run.number or str(run.id),
        "status": run.state, **_result(run), **_times(run), "url": url(call, project, run),
        "definition": definition_view.reference(call, project, pipeline),
        "project": projects.reference(call, project), "uri": f"vstfs:///Build/Build/{run.id}",
        "sourceBranch": run.ref, "sourceVersion": run.commit,
        "queue": definition_view.queue_view(call, project, pipeline), "priority": "normal",
        "reason": run.reason[:1].lower() + run.reason[1:],
        "requestedFor": person, "requestedBy": person if by_hand else _SERVICE,
        "lastChangedDate": timestamp(run.finished or run.started or run.queued), "lastChangedBy": _SERVICE,
        **({"parameters": json.dumps(dict(run.variables))} if run.variables else {}),
        "templateParameters": shown_parameters(run),
        "orchestrationPlan": plan,
        "logs": {"id": 0, "type": "Container", "url": f"{url(call, project, run)}/logs"},
        "repository": {"id": record.id if record else run.repository, "name": run.repository, "type": "TfsGit",
                       "clean": None, "checkoutSubmodules": False},
        "keepForever": False, "retainedByRelease": False, "triggeredByBuild": None,
    }


def definition_of(project: Project, run: RunRecord) -> Pipeline:
    """The pipeline of a run as it is now; as it was, where it is gone."""
    known = project.library.pipeline(run.definition)
    return known or Pipeline(run.definition, run.pipeline, run.repository, "", project.id, revision=run.revision)


def url(call: Call, project: Project, run: RunRecord) -> str:
    return f"{call.organisation.collection_uri}{project.id}/_apis/build/Builds/{run.id}"


def web_url(call: Call, project: Project, run: RunRecord) -> str:
    return f"{call.organisation.collection_uri}{quote(project.name)}/_build/results?buildId={run.id}"


def identity(call: Call, person: Identity) -> dict[str, Any]:
    member = call.organisation.directory.find(person.email) if person.email else None
    if member:
        return identity_reference(call, member)
    return {"displayName": person.name, "uniqueName": person.email}


def result_of(run: RunRecord) -> str:
    """In the words of a build, which has fewer than a job."""
    return _BUILD_RESULTS.get(run.result, "failed") if run.is_completed else ""


def shown_parameters(run: RunRecord) -> dict[str, str]:
    """Every value as text, objects as JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in run.parameters.items()}


def trigger_info(run: RunRecord) -> dict[str, str]:
    """What set the run off; nothing where a person did."""
    if asked := run.pull_request:
        return {"pr.number": str(asked["id"]), "pr.sourceBranch": str(asked["source"]), "pr.isFork": "False",
                "pr.triggerRepository": run.repository}
    if run.reason in ("IndividualCI", "BatchedCI"):
        return {"ci.sourceBranch": run.ref, "ci.sourceSha": run.commit, "ci.triggerRepository": run.repository}
    return {}


def _result(run: RunRecord) -> dict[str, str]:
    return {"result": result_of(run)} if run.is_completed else {}


def _times(run: RunRecord) -> dict[str, str]:
    known = {"queueTime": run.queued, "startTime": run.started, "finishTime": run.finished}
    return {name: timestamp(seconds) for name, seconds in known.items() if seconds is not None}


def _links(call: Call, project: Project, run: RunRecord) -> dict[str, Any]:
    own = url(call, project, run)
    return {"self": {"href": own}, "web": {"href": web_url(call, project, run)},
            "timeline": {"href": f"{own}/Timeline"}, "sourceVersionDisplayUri": {"href": f"{own}/sources"}}
