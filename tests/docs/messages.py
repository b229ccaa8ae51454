"""Every message that a user of the layer can meet, found in its source.

A message is any sentence there: a piece of text with three words or more. Where a value is put in,
it has `…`. So a message that is added is found without anybody thinking of it. What says beside a
message what to do about it is none of its own, and what is no message at all is listed below.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted((*ROOT.glob("extension/**/*.py"), *ROOT.glob("layer/python/warmkey/*.py")))
NODE = ROOT / "layer/nodejs/node_modules/warmkey/index.js"
LAUNCHER = ROOT / "layer/launcher/launcher.c"

# What a call says about what to do, by the call and the argument's position.
_HINTS = {("Failed", 2), ("Problem", 3)}
_HINT_NAMES = ("hint", "remedy")
# Raised for mistakes of ours, which reach nobody but as a fault, by type and place.
_INTERNAL = ("AssertionError", "AttributeError", "TypeError", "ValueError")
# Whose arguments are no sentences: lists of names.
_LISTS = ("_documented",)
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|\s//\s[^\n]*", re.DOTALL | re.MULTILINE)


def messages() -> dict[str, str]:
    """Every message, and where it is."""
    return {text: place for text, place in everything().items() if text not in NO_MESSAGES}


def everything() -> dict[str, str]:
    """All that looks like a message, and where it is."""
    found = {**dict(_of_node()), **dict(_of_launcher())}
    for path in MODULES:
        found.update(_of_module(path))
    return found


def _of_module(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = _text(node)
        if not _is_sentence(text) or isinstance(parents[node], ast.Expr | ast.JoinedStr):
            continue
        if not _is_hint(node, parents[node]) and not _is_internal(parents[node]):
            yield text, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _is_sentence(text: str) -> bool:
    is_request = " HTTP/1.1\\r" in text.replace("\r", "\\r")  # in Python's words or in JavaScript's
    return len(text.split()) > 2 and not is_request


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(value) or "…" for value in values)
    return ""


def _is_hint(node: ast.AST, parent: ast.AST) -> bool:
    match parent:
        case ast.Call(func=ast.Name(id=name), args=args) if node in args:
            return (name, args.index(node)) in _HINTS
        case ast.keyword(arg=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return str(name).lower().strip("_").endswith(_HINT_NAMES)
    return False


def _is_internal(parent: ast.AST) -> bool:
    match parent:
        case ast.Call(func=ast.Name(id=name)):
            return name in (*_INTERNAL, *_LISTS)
    return False


def _of_node() -> Iterator[tuple[str, str]]:
    code = _COMMENT.sub("", NODE.read_text("utf-8"))
    for plain, template in _QUOTED.findall(code):
        text = re.sub(r"\$\{[^}]*\}", "…", template) or plain
        if _is_sentence(text):
            yield text, str(NODE.relative_to(ROOT))


def _of_launcher() -> Iterator[tuple[str, str]]:
    code = LAUNCHER.read_text("utf-8")
    (complaint,) = re.findall(r"complaint\[\] = \{(.*?)\};", code, re.DOTALL)
    parts = re.findall(r'text\((?:"((?:[^"\\]|\\.)*)"|[^)]+\)?)\)', complaint)
    text = "".join(part or "…" for part in parts).removesuffix("\\n")
    yield text, str(LAUNCHER.relative_to(ROOT))


NO_MESSAGES = frozenset(
    (
        # What is printed on request.
        "usage: warmkey [serve [--local FILE] | exec -- COMMAND | version]; or as an extension",
        # Parts of messages, which are listed as wholes.
        "/name, ssm:name, ssm:name:version-or-label, ssm:/path/*, arn:aws:ssm:…",
        "secretsmanager:name or arn:aws:secretsmanager:… (with ?versionStage=… or ?versionId=…), "
        "arn:aws:secretsmanager:…:key:stage:version",
        "…, each with …, and #field for a field of a JSON value",
        # For who adds a service.
        "… reads no batches",
        "HTTP status …",
        "the credentials endpoint",
        "the instance metadata service",
        "its account and region",
        "the account of …",
        "this account and region",
        "each of the parameters",
        "each of the secrets",
        "there are none",
        "not of the form stage=target",
        "it has the address …",
        "2 to 1224 letters, digits and =,.@:/-+_",
        "an IP address and a port, such as 0.0.0.0:8080 or [::]:8080",
        "only GET is allowed",
        "there is /ping alone",
        "a whole number from … to …",
        "true or false",
        "… and … more",
        "one of …",
        "… is …",
        "the Host header",
        "…, line …",
        "…: … in …",
        "the request target",
        "the request target …",
        "…… (status …)",
        # Types of values, as texts.
        "Answer | None",
        "… the same here as there?",
        "The list of secrets",
        # What to do, worked out apart from the message.
        "get-parameter-history --name …",
        "list-secret-version-ids --secret-id …",
        "the function's role",
        "grant … on … to …",
        "grant … the permission to read …",
        "grant …:… to …",
        "grant kms:Decrypt on the value's KMS key to …, and enable the key",
        "a policy denies … on …, whatever is granted: change that policy",
        'add it, or a "fallback", to …',
        "add …=… or *=…",
        "set one of these variables, or add *=…",
        "… to WARMKEY_STAGES",
        "in systemd's .socket unit, ListenStream=…:2773 and Accept=no",
        # What is read or sent, and not said.
        "The Canonical String",
        "not yet current",
        "… … …",
        "HTTP/1.1 … …",
        "…, … … … …:…:… GMT",
        "… Credential=…/…, SignedHeaders=…, Signature=…",
        # The titles of problems, which are HTTP's own.
        "Method Not Allowed",
        "URI Too Long",
        "Request Header Fields Too Large",
        "Internal Server Error",
    )
)
"""Texts that look like messages and are none."""
