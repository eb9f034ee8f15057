"""python -m sandbox pipelines: expand, run or evaluate, on any repository and without any server."""
from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("pipelines", help="expand, run, evaluate or lint Azure Pipelines YAML here")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    expand = verbs.add_parser("expand", help="print the final YAML that the service would make of it")
    expand.set_defaults(run=_expand)
    run = verbs.add_parser("run", help="run it here; exit code 1 if the run failed, 2 if it was refused")
    run.set_defaults(run=_run)
    for verb in (expand, run):
        _add_sources(verb)
    for option, text in (("--variable", "a variable of queue time"), ("--secret", "a secret variable")):
        run.add_argument(option, action="append", default=[], metavar="NAME=VALUE", type=_pair, help=text)
    run.add_argument("--variable-group", action="append", default=[], metavar="FILE", type=Path,
                     help='a JSON file {"name": {"variable": "value" or {"secret": "value"}}}; may be repeated')
    run.add_argument("--stage", action="append", default=[], metavar="NAME",
                     help="run only this stage; may be repeated")
    run.add_argument("--report", type=Path, metavar="FILE", help="write results and log as JSON")
    run.add_argument("--work-folder", type=Path, metavar="DIR", help="keep agent folders, artifacts and log here")
    evaluate = verbs.add_parser("evaluate", help="print the value of one expression as JSON")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("expression", metavar="EXPRESSION")
    evaluate.add_argument("--context", type=Path, metavar="FILE.json", help='{"variables": {...}, "parameters": {...}}')
    lint = verbs.add_parser("lint", help="check security rules; exit code 1 if one is broken")
    lint.set_defaults(run=_lint)
    lint.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file, or a folder with .yml files")


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", metavar="ENTRY.yml", type=Path)
    parser.add_argument("--repository", action="append", default=[], metavar="NAME[@REF]=DIR", type=_pair,
                        help="where a repository resource is on this machine; may be repeated")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", type=_pair,
                        help="a parameter of queue time; may be repeated")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        message = f"got {text!r}, expected NAME=VALUE"
        raise argparse.ArgumentTypeError(message)
    return name, value


def _expand(given: argparse.Namespace) -> int:
    from sandbox.pipelines.command_line import expand_entry  # the engine is only loaded where it is used

    return expand_entry(given.entry, given.repository, dict(given.parameter))


def _run(given: argparse.Namespace) -> int:
    from sandbox.pipelines.command_line import RunOptions, run_entry

    options = RunOptions(
        given.entry, given.repository, dict(given.parameter), given.variable, given.secret, given.variable_group,
        given.stage, given.report, given.work_folder,
    )
    return run_entry(options)


def _evaluate(given: argparse.Namespace) -> int:
    from sandbox.pipelines.command_line import evaluate_expression

    return evaluate_expression(given.expression, given.context)


def _lint(given: argparse.Namespace) -> int:
    from sandbox.pipelines.lint.command import lint_paths

    return lint_paths(given.paths)
