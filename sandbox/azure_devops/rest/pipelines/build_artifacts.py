"""What a build left: https://learn.microsoft.com/rest/api/azure/devops/build/artifacts."""
from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError
from sandbox.azure_devops.rest.pipelines.build_view import url
from sandbox.azure_devops.rest.pipelines.builds import run_of
from sandbox.azure_devops.runs.run_history import RunRecord
from sandbox.http.message import Response

_ZIP = "application/zip"


def routes() -> Routes:
    return [("GET", "{project}/_apis/build/builds/{build}/artifacts", _artifacts)]


def _artifacts(call: Call) -> dict[str, Any] | Response:
    """All of them; with a name that one, as a zip file where the client asks for it."""
    project = call.project()
    run = run_of(call, project)
    name = call.query("artifactName")
    folders = dict(_folders(run))
    if name is None:
        return collection(_view(call, project, run, one) for one in folders.items())
    if name not in folders:
        message = f"The artifact {name} of build {run.id} could not be found."
        raise RestError(404, "ArtifactNotFoundException", message)
    if (call.query("$format") or "").casefold() == "zip" or _ZIP in call.request.headers.get("Accept", ""):
        return Response(200, _zipped(name, folders[name]), {"Content-Type": _ZIP})
    return _view(call, project, run, (name, folders[name]))


def _folders(run: RunRecord) -> Iterator[tuple[str, Path]]:
    """Those of a run that goes on lie where its agents work."""
    for folder in (run.folder / "artifacts", run.folder / "work" / "artifacts"):
        if folder.is_dir():
            yield from sorted((one.name, one) for one in folder.iterdir())


def _view(call: Call, project: Project, run: RunRecord, artifact: tuple[str, Path]) -> dict[str, Any]:
    name, folder = artifact
    own = f"{url(call, project, run)}/artifacts?artifactName={quote(name, safe='')}"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"id": _number(run, name), "name": name, "source": call.organisation.work.plan_id(run.id),
            "resource": {"type": "PipelineArtifact", "data": name, "properties": {"artifactsize": str(size)},
                         "url": own, "downloadUrl": f"{own}&$format=zip"}}


def _number(run: RunRecord, name: str) -> int:
    return [one for one, _ in _folders(run)].index(name) + 1


def _zipped(name: str, folder: Path) -> bytes:
    """Its files below a folder of its name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()):
            archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    return content.getvalue()
