"""The mutants of a source: operators, boundaries, constants, arguments and statements."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(),
    ast.Lt: ast.LtE(),
    ast.LtE: ast.Lt(),
    ast.Gt: ast.GtE(),
    ast.GtE: ast.Gt(),
    ast.In: ast.NotIn(),
    ast.NotIn: ast.In(),
    ast.Is: ast.IsNot(),
    ast.IsNot: ast.Is(),
}
_OPERATORS: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.FloorDiv(),
    ast.Div: ast.Mult(),
    ast.FloorDiv: ast.Mult(),
    ast.BitAnd: ast.BitOr(),
    ast.BitOr: ast.BitAnd(),
}
_PAIRS = ("any all", "min max", "partition rpartition", "startswith endswith", "lstrip rstrip")
_TWINS = {a: b for pair in map(str.split, _PAIRS) for a, b in (pair, pair[::-1])}
_Node = ast.expr | ast.stmt


@dataclass(frozen=True, slots=True)
class Mutant:
    """A source with one change.

    Attributes:
        line: The line of the change, from 1.
        before: What stood there.
        after: What stands there instead.
        source: The whole source.
    """

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a source that compiles, in the order of its lines."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    data = source.encode()
    found = []
    for node in _changeable(ast.parse(source)):
        for old, new in _changes(node):
            start = starts[old.lineno - 1] + old.col_offset
            end = starts[(old.end_lineno or 0) - 1] + (old.end_col_offset or 0)
            text = ast.unparse(new)
            whole = text if isinstance(new, ast.stmt | ast.Constant) else f"({text})"
            changed = (data[:start] + whole.encode() + data[end:]).decode()
            found.append(Mutant(old.lineno, ast.unparse(old), text, changed))
    return (each for each in sorted(found, key=lambda each: each.line) if _compiles(each.source))


def _changeable(node: ast.AST) -> Iterator[_Node]:
    """What runs: no docstrings, annotations, slots, imports for types alone, or parts of f-strings.

    (Before Python 3.12 the latter's places are unknown.)
    """
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or name in ("annotation", "returns", "type_params"):
                continue
            if isinstance(child, ast.JoinedStr) or _says_nothing(child):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            yield from _changeable(child)


def _says_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.If(ast.Name("TYPE_CHECKING")):
            return True
        case ast.Assign([ast.Name("__slots__" | "__all__" | "TYPE_CHECKING")]):
            return True
    return False


def _changes(node: _Node) -> Iterator[tuple[_Node, _Node]]:
    """What to replace, and by what."""
    match node:
        case ast.If(test) | ast.While(test):
            yield test, ast.UnaryOp(ast.Not(), test)
        case ast.Assign([ast.Attribute() | ast.Subscript()]) | ast.AugAssign() | ast.Expr():
            yield node, ast.Pass()
        case ast.Return(ast.expr()) | ast.Raise() | ast.Break() | ast.Continue():
            yield node, ast.Pass()
        case ast.Call(function, arguments, keywords):
            for at in range(len(arguments) - 1):
                swapped = [*arguments[:at], arguments[at + 1], arguments[at], *arguments[at + 2 :]]
                yield node, ast.Call(function, swapped, keywords)
        case ast.expr():
            if (changed := _changed(node)) is not None:
                yield node, changed


def _changed(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Constant(bool(value)):
            return ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            return ast.Constant(value + 1)
        case ast.Constant(str(value)):
            return ast.Constant("" if value else "x")
        case ast.Constant(bytes(value)):
            return ast.Constant(b"" if value else b"x")
        case ast.Compare(left, [operator, *others], comparators):
            return ast.Compare(left, [_COMPARISONS[type(operator)], *others], comparators)
        case ast.BoolOp(operator, values):
            return ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            return ast.BinOp(left, _OPERATORS[type(operator)], right)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            return operand
        case ast.IfExp(test, one, other):
            return ast.IfExp(test, other, one)
        case ast.Name(name) if name in _TWINS:
            return ast.Name(_TWINS[name])
        case ast.Attribute(value, name) if name in _TWINS:
            return ast.Attribute(value, _TWINS[name])
    return None


def _compiles(source: str) -> bool:
    try:
        compile(source, "", "exec")
    except SyntaxError:
        return False
    return True
