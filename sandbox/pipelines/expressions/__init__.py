"""The expression language of Azure Pipelines: `parse` a text, `evaluate` it in a `Scope`."""
from sandbox.pipelines.expressions.evaluation import Expression, Scope, parse
from sandbox.pipelines.expressions.functions import Function, plain
from sandbox.pipelines.expressions.standalone import evaluate_text
from sandbox.pipelines.expressions.values import ExpressionError, Named, Value, Version, to_text, truthy

__all__ = [
    "Expression",
    "ExpressionError",
    "Function",
    "Named",
    "Scope",
    "Value",
    "Version",
    "evaluate_text",
    "parse",
    "plain",
    "to_text",
    "truthy",
]
