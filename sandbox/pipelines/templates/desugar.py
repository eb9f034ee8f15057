"""Step shortcuts as the tasks they stand for: typed lists and the final pipeline hold tasks only.

The ids are those of agent plugins without a public name: what a required template has to allow by id.
"""
from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar

CHECKOUT_TASK = "6d15af64-176c-496d-b583-fd2ae21d4df4@1"
DOWNLOAD_TASK = "30f35852-3f7e-4c0c-9a88-e127b4f97211@1"
PUBLISH_TASK = "ecdc45f6-832d-4ad9-b52b-ee49e94659be@1"


@dataclass(frozen=True)
class Shortcut:
    """`inputs` are keys of the step which become inputs, by the name they get there."""

    task: str
    value_input: str
    inputs: AbstractMapping[str, str] = field(default_factory=dict)
    before: AbstractMapping[str, str] = field(default_factory=dict)
    after: AbstractMapping[str, str] = field(default_factory=dict)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_INLINE = {"targetType": "inline"}
_POWERSHELL = _same("errorActionPreference", "failOnStderr", "ignoreLASTEXITCODE", "workingDirectory")

SHORTCUTS: AbstractMapping[str, Shortcut] = {
    "script": Shortcut("CmdLine@2", "script", _same("workingDirectory", "failOnStderr")),
    "bash": Shortcut("Bash@3", "script", _same("workingDirectory", "failOnStderr", "bashEnvValue"), _INLINE),
    "pwsh": Shortcut("PowerShell@2", "script", _POWERSHELL, _INLINE, {"pwsh": "true"}),
    "powershell": Shortcut("PowerShell@2", "script", _POWERSHELL, _INLINE),
    "checkout": Shortcut(
        CHECKOUT_TASK,
        "repository",
        _same(
            "clean", "fetchDepth", "fetchFilter", "fetchTags", "lfs", "path", "persistCredentials",
            "sparseCheckoutDirectories", "sparseCheckoutPatterns", "submodules", "workspaceRepo",
        ),
    ),
    "download": Shortcut(DOWNLOAD_TASK, "alias", _same("artifact", "patterns", "path", "tags")),
    "publish": Shortcut(PUBLISH_TASK, "path", {"artifact": "artifactName"}),
}
_NOTHING = ("checkout", "download")  # with the value `none` they are tasks that never run


def desugar_step(step: Mapping) -> Mapping:
    """`step` as a task; a step which is one already is returned as it is."""
    keyword = next((key for key, _ in step.entries if key.text in SHORTCUTS), None)
    if keyword is None or any(key.text == "task" for key, _ in step.entries):
        return step
    shortcut, at = SHORTCUTS[keyword.text], keyword.position
    value = next(node for key, node in step.entries if key is keyword)
    inputs: list[tuple[Scalar, Node]] = [(Scalar(name, at), Scalar(text, at)) for name, text in shortcut.before.items()]
    inputs.append((Scalar(shortcut.value_input, at), value))
    rest: list[tuple[Scalar, Node]] = []
    for key, node in step.entries:
        if key.text in shortcut.inputs:
            inputs.append((Scalar(shortcut.inputs[key.text], key.position), node))
        elif key.text in ("inputs", *SHORTCUTS) and key is not keyword:
            message = f"Unexpected value '{key.text}'"
            raise PipelineError(message, key.position)
        elif key is not keyword:
            rest.append((key, node))
    inputs += [(Scalar(name, at), Scalar(text, at)) for name, text in shortcut.after.items()]
    if keyword.text in _NOTHING and isinstance(value, Scalar) and value.text == "none":
        rest = [entry for entry in rest if entry[0].text != "condition"]
        rest.append((Scalar("condition", at), Scalar("false", at)))
    task: tuple[Scalar, Node] = (Scalar("task", at), Scalar(shortcut.task, at))
    return Mapping([task, *rest, (Scalar("inputs", at), Mapping(inputs, at))], step.position)
