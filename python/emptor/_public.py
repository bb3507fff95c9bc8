"""The functions of the core as Python functions: real signatures, short messages."""

from __future__ import annotations

import ast
import functools
import inspect
import numbers
import re
from collections.abc import Callable
from typing import Any, TypeVar

from ._core.core import InvalidArgument
from ._core.data import Sales as CoreSales
from ._names import did_you_mean

F = TypeVar("F", bound=Callable[..., Any])
_MISMATCH = "incompatible function arguments"


def public(module: str, function: F) -> F:
    """A function of the core as users see it, in ``module``.

    It keeps the docstring, has a signature that ``inspect`` and Jupyter can show, and answers a
    call with wrong arguments in a sentence.
    """
    head, _, doc = (function.__doc__ or "").partition("\n\n")
    signature = _signature(head)

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if _MISMATCH not in str(error):
                raise
            message = _explain(function.__name__, signature, args, kwargs)
        raise InvalidArgument(message)

    wrapper.__module__ = module
    wrapper.__qualname__ = function.__name__
    wrapper.__doc__ = doc.strip()
    wrapper.__signature__ = signature  # type: ignore[attr-defined]
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def _split(text: str) -> list[str]:
    """Splits at commas outside of brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _signature(head: str) -> inspect.Signature:
    """From the line pybind11 writes: ``name(a: int, *, b: str = 'x') -> object``."""
    match = re.match(r"\w+\((.*)\) -> (.*)$", head.strip(), re.S)
    if not match:
        return inspect.Signature()
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = []
    for part in _split(match[1]):
        if part == "*":
            kind = inspect.Parameter.KEYWORD_ONLY
            continue
        name, _, rest = part.partition(":")
        annotation, equals, default = rest.partition(" = ")
        parameters.append(
            inspect.Parameter(
                name.strip(),
                kind,
                annotation=_plain(annotation),
                default=_literal(default) if equals else inspect.Parameter.empty,
            )
        )
    return inspect.Signature(parameters, return_annotation=_plain(match[2]))


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def _plain(annotation: str) -> str:
    """Types in users' words: what pybind11 calls SupportsInt is an int."""
    text = re.sub(r"typing\.Supports(Int|Float)(?:\s*\|\s*typing\.SupportsIndex)?",
                  lambda m: m[1].lower(), annotation.strip())  # fmt: skip
    text = re.sub(r"collections\.abc\.(Sequence|Mapping|Callable)", r"\1", text)
    text = text.replace("emptor._core.data.Sales", "Sales")
    text = text.replace("emptor.frame.Frame", "Frame").replace("object", "Any")
    parts = dict.fromkeys(part.strip() for part in text.split("|"))
    return " | ".join(parts)


# What else a function could have been given, in other words.
_OTHER_DATA = {
    "sequences": "; for lists of items or events of your own write em.mining.sequences_in(...)"
}
_SPANS = {"window", "washout", "max_gap", "min_gap", "max_span", "horizon"}
_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "bool": (bool,),
    "None": (type(None),),
}


def _explain(
    name: str, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    """Why a call does not fit, in one sentence."""
    parameters = signature.parameters
    for given in kwargs:
        if given not in parameters:
            return f"{name}: no argument '{given}'{did_you_mean(given, parameters)}"
    positional = [
        p for p in parameters.values() if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    if len(args) > len(positional):
        words = ", ".join(p.name for p in positional)
        return f"{name}: only {words} can be given without a name; write the others as name=value"
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        return f"{name}: {error}"
    for key, value in bound.arguments.items():
        annotation = str(parameters[key].annotation)
        wanted = [part.strip() for part in annotation.split("|")]
        if wanted == ["Sales"]:
            if not isinstance(value, CoreSales):
                other = _OTHER_DATA.get(name, "")
                return (
                    f"{name}: {key} must be an emptor.Sales, got {type(value).__name__}; "
                    f"write em.Sales(orders=...) or em.read(...) first{other}"
                )
        elif all(part in _TYPES for part in wanted):
            types = tuple(t for part in wanted for t in _TYPES[part])
            if "str" in wanted and key in _SPANS and isinstance(value, numbers.Integral):
                return (
                    f'{name}: {key} must have a unit, got the number {value}; write "{value} days"'
                )
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                return f"{name}: {key} must be {' or '.join(wanted)}, got {value!r:.60}"
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                return f"{name}: {key} is too large, got {value}"
    return f"{name}: the arguments do not fit; it is {name}{signature}"
