"""The thin client is thin: 200 lines of code, as its page says."""

import ast
import io
import tokenize
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "layer/python/warmkey"
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


def code_lines(source: str) -> set[int]:
    """The numbers of the lines that hold more than comments and docstrings."""
    lines = {
        number
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in NO_CODE
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def test_the_client_has_200_lines_of_code() -> None:
    """Docstrings, comments and empty lines aside, and what only some users import, or tests."""
    others = {"powertools.py", "pytest_plugin.py", "testing.py"}
    modules = [path for path in PACKAGE.glob("*.py") if path.name not in others]
    assert {"client.py", "endpoint.py"} <= {path.name for path in modules}
    assert sum(len(code_lines(path.read_text("utf-8"))) for path in modules) <= 200
