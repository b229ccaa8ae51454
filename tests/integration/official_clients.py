"""Clients of AWS's Parameters and Secrets extension, each in the style of its tool.

Each reads what it knows of the endpoint from the variables of the function, as handlers do.
"""

import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

import requests
import urllib3

from tests.fakes.heads import TOKEN_HEADER
from tests.patience import PATIENCE

_NODE = """\
const headers = { 'X-Aws-Parameters-Secrets-Token': process.env.AWS_SESSION_TOKEN };
const port = process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT || 2773;
const base = `http://localhost:${port}`;
const read = async (path) => {
  const answer = await fetch(base + path, { headers });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
};
const [kind, name] = process.argv.slice(1);
const path = kind === 'parameter'
  ? `/systemsmanager/parameters/get/?${new URLSearchParams({ withDecryption: true, name })}`
  : `/secretsmanager/get?secretId=${encodeURIComponent(name)}`;
read(path).then((body) => console.log(JSON.stringify(body)));
"""
_NODE_HTTP = """\
const http = require('node:http');
const [kind, name] = process.argv.slice(1);
const options = {
  hostname: '127.0.0.1',
  port: process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT || 2773,
  path: kind === 'parameter'
    ? '/systemsmanager/parameters/get?name=' + encodeURI(name) + '&withDecryption=true'
    : '/secretsmanager/get?secretId=' + name,
  headers: { 'x-aws-parameters-secrets-token': process.env.AWS_SESSION_TOKEN },
};
http.get(options, (answer) => {
  let body = '';
  answer.on('data', (chunk) => { body += chunk; });
  answer.on('end', () => console.log(body));
});
"""


def with_urllib(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """The standard library: a name that is encoded by hand, a header in a case of its own."""
    port = environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    encoded = urllib.parse.quote_plus(name)
    if kind == "parameter":
        path = f"/systemsmanager/parameters/get/?name={encoded}&withDecryption=true"
    else:
        path = f"/secretsmanager/get?secretId={encoded}"
    request = urllib.request.Request("http://localhost:" + port + path)
    request.add_header(TOKEN_HEADER, environ["AWS_SESSION_TOKEN"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read())


def with_urllib3(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """A pool with fields."""
    port = environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    fields = {"secretId": name, "versionStage": "AWSCURRENT"}
    path = "/secretsmanager/get"
    if kind == "parameter":
        fields, path = {"name": name, "withDecryption": "true"}, "/systemsmanager/parameters/get"
    with urllib3.PoolManager(headers={TOKEN_HEADER: environ["AWS_SESSION_TOKEN"]}) as pool:
        answer = pool.request(
            "GET", f"http://localhost:{port}{path}", fields=fields, timeout=PATIENCE, retries=False
        )
        assert answer.status == 200, answer.data
        return answer.json()


def with_requests(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """A session with params, of which a boolean is written as Python writes it."""
    port = environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    with requests.Session() as session:
        session.trust_env = False
        session.headers[TOKEN_HEADER] = environ["AWS_SESSION_TOKEN"]
        answer = session.get(
            f"http://localhost:{port}/systemsmanager/parameters/get/"
            if kind == "parameter"
            else f"http://localhost:{port}/secretsmanager/get/",
            params={"name": name, "withDecryption": str(True)}
            if kind == "parameter"
            else {"secretId": name},
            timeout=PATIENCE,
        )
    answer.raise_for_status()
    return answer.json()


def with_node_fetch(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """Node's `fetch`, with URLSearchParams."""
    return json.loads(_run(environ, "node", "-e", _NODE, kind, name))


def with_node_http(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """Node's `http.get`, with options and a name that is hardly encoded."""
    return json.loads(_run(environ, "node", "-e", _NODE_HTTP, kind, name))


def with_curl(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """The shell, as a custom runtime does, with the name raw in the URL."""
    port = environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    query = f"secretsmanager/get?secretId={name}"
    if kind == "parameter":
        query = f"systemsmanager/parameters/get?withDecryption=true&name={name}"
    token = f"{TOKEN_HEADER}: {environ['AWS_SESSION_TOKEN']}"
    return json.loads(
        _run(environ, "curl", "-qsSf", "--noproxy", "*", "-H", token, f"localhost:{port}/{query}")
    )


def with_curl_data(environ: Mapping[str, str], kind: str, name: str) -> Any:
    """The shell again, with curl's own encoding."""
    port = environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    path, key = "secretsmanager/get", "secretId"
    if kind == "parameter":
        path, key = "systemsmanager/parameters/get/", "name"
    token = f"{TOKEN_HEADER.lower()}: {environ['AWS_SESSION_TOKEN']}"
    pairs = ["--data-urlencode", f"{key}={name}", "--data-urlencode", "withDecryption=true"]
    url = f"http://127.0.0.1:{port}/{path}"
    return json.loads(_run(environ, "curl", "-qsSfG", "--noproxy", "*", "-H", token, *pairs, url))


def _run(environ: Mapping[str, str], program: str, *arguments: str) -> bytes:
    path = shutil.which(program)
    assert path is not None
    return subprocess.run(  # noqa: S603 - the programs above
        [path, *arguments], env=environ, check=True, capture_output=True, timeout=PATIENCE
    ).stdout
