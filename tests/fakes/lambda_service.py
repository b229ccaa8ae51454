"""Lambda's own API, as far as a benchmark of cold starts uses it: functions that start, and logs.

moto runs functions in Docker or not at all, and has no log of a start. Here nothing runs; a
function has an environment that is warm until its configuration changes, and its log says so.
"""

import base64
import json
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.closing import Closing
from tests.fakes import lambda_log
from tests.fakes.fleet import layer_arn
from tests.fakes.http_service import Delivery, HttpService, Request, Response
from tests.fakes.lambda_function import CODE, Function, describe
from tests.fakes.lambda_log import Form, Invocation
from tests.fakes.lambda_routes import STATUSES, answer, refuse, route

LAYER = layer_arn("warmkey-x86_64")


class Refusal(Exception):
    """An error that is answered: its code and its message."""


class FakeLambda(Closing):
    """Lambda on 127.0.0.1 and a free port, for `with`.

    Attributes:
        functions: By name.
        calls: How often each operation was called.
        payloads: What functions were invoked with.
        invocation: What each start is like, made from whether it has the layer.
        in_log: Writes the log.
        error: Which error the function raises; empty for none.
        stays_warm: How many more invocations are warm though the configuration has changed.
        provisioned: The ARNs with provisioned concurrency.
        updates_take: How often a function says that its update is under way.
        url: Where it is, without a slash at the end.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self.calls: Counter[str] = Counter()
        self.payloads: set[bytes] = set()
        self.invocation = _invocation
        self.in_log: Form = lambda_log.text
        self.error = ""
        self.stays_warm = 0
        self.provisioned: tuple[str, ...] = ()
        self.updates_take = 0
        self._faults: dict[str, deque[Refusal]] = {}
        self._lost: set[str] = set()
        self._watched: dict[str, deque[Callable[[], None]]] = {}
        self._lock = threading.RLock()
        self._service = HttpService(self._respond)
        self.url = self._service.url

    def add(self, name: str, **changes: Any) -> Function:
        """A function that has been there for long.

        Args:
            name: Its name.
            changes: What is different about it.
        """
        self.functions[name] = Function({**describe(name), **changes})
        return self.functions[name]

    def fail(self, operation: str, code: str, said: str = "no", times: int = 1) -> None:
        """Have the next calls of an operation refused."""
        refusals = [Refusal(code, said)] * times
        self._faults.setdefault(operation, deque()).extend(refusals)

    def lose_answer(self, operation: str) -> None:
        """Do what an operation is called for the next time, but close the connection on it."""
        self._lost.add(operation)

    def watch(self, operation: str, happens: Callable[[], None]) -> None:
        """Do something when an operation is called the next time, before it is answered.

        Said again, it is for the time after that.
        """
        self._watched.setdefault(operation, deque()).append(happens)

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self._service.close()

    def _respond(self, request: Request) -> Response:
        path, _, query = request.target.partition("?")
        operation, name = route(request.method, path)
        return self._do(operation, name, query, request.body)

    def _do(self, operation: str, name: str, query: str, body: bytes) -> Response:
        self.calls[operation] += 1
        if watched := self._watched.get(operation):
            watched.popleft()()
        with self._lock:
            try:
                if faults := self._faults.get(operation):
                    raise faults.popleft()
                answered: Response = getattr(self, f"_{operation}")(name, query, body)
                if operation not in self._lost:
                    return answered
                self._lost.remove(operation)
                return replace(answered, delivery=Delivery.RESET)
            except Refusal as refusal:
                code, said = refusal.args
                return refuse(code, said, STATUSES.get(code, 400))

    def _get_function(self, name: str, query: str, _: bytes) -> Response:
        function = self._find(name)
        status = "InProgress" if function.busy else "Successful"
        function.busy = max(0, function.busy - 1)
        described = {**function.described, "LastUpdateStatus": status}
        if "Qualifier=" in query:
            described["Version"] = query.partition("Qualifier=")[2]
        code = {"RepositoryType": "S3", "Location": f"{self.url}/code?X-Amz-Signature=canary"}
        return answer({"Configuration": described, "Code": code, "Tags": function.tags})

    def _create_function(self, _: str, __: str, body: bytes) -> Response:
        asked = json.loads(body)
        name, tags, code = asked["FunctionName"], asked.pop("Tags", {}), asked.pop("Code")
        if name in self.functions:
            raise Refusal("ResourceConflictException", f"Function already exist: {name}")
        assert base64.b64decode(code["ZipFile"]) == CODE
        layers = [{"Arn": arn} for arn in asked.pop("Layers", [])]
        function = self.add(name, Layers=layers, **asked)
        function.tags = tags
        return answer(function.described, 201)

    def _delete_function(self, name: str, query: str, _: bytes) -> Response:
        if "Qualifier=" in query:
            self._find(name).versions.remove(query.partition("Qualifier=")[2])
        else:
            del self.functions[self._find(name).described["FunctionName"]]
        return Response(204)

    def _update_function_configuration(self, name: str, _: str, body: bytes) -> Response:
        function, asked = self._find(name), json.loads(body)
        if (
            asked.pop("RevisionId", function.described["RevisionId"])
            != function.described["RevisionId"]
        ):
            raise Refusal("PreconditionFailedException", "The RevisionId provided is another")
        asked["Layers"] = [{"Arn": arn} for arn in asked["Layers"]]
        revision = str(int(function.described["RevisionId"]) + 1)
        function.described.update(asked, RevisionId=revision)
        function.is_warm, function.busy = False, self.updates_take
        return answer(function.described)

    def _publish_version(self, name: str, _: str, __: bytes) -> Response:
        function = self._find(name)
        version = str(self.calls["publish_version"])
        function.versions.add(version)
        return answer({**function.described, "Version": version}, 201)

    def _invoke(self, name: str, query: str, body: bytes) -> Response:
        function = self._find(name)
        self.payloads.add(body)
        number = self.calls["invoke"]
        is_cold = not function.is_warm and not self.stays_warm
        self.stays_warm = max(0, self.stays_warm - 1)
        function.is_warm = True
        layers = [each["Arn"] for each in function.described.get("Layers", [])]
        made = self.invocation(f"request-{number}", LAYER in layers, number)
        if "Qualifier=" in query:
            made = replace(made, init=None, restore=made.init)
        if not is_cold:
            made = replace(made, init=None, restore=None)
        log = self.in_log(made).encode()[-4096:]
        headers = [
            ("X-Amzn-RequestId", made.request_id),
            ("X-Amz-Log-Result", base64.b64encode(log).decode()),
        ]
        if self.error:
            headers.append(("X-Amz-Function-Error", "Unhandled"))
            told = {"errorType": self.error, "errorMessage": "canary"}
            return Response(200, json.dumps(told).encode(), headers=tuple(headers))
        return Response(200, b"null", headers=tuple(headers))

    def _list_provisioned(self, *_: object) -> Response:
        configs = [{"FunctionArn": arn} for arn in self.provisioned]
        return answer({"ProvisionedConcurrencyConfigs": configs})

    def _list_layer_versions(self, name: str, *_: object) -> Response:
        version = {"LayerVersionArn": layer_arn(name), "Version": 1, "Description": "Warmkey 0.1.0"}
        return answer({"LayerVersions": [version]})

    def _get_layer_version(self, name: str, *_: object) -> Response:
        return answer({"LayerVersionArn": layer_arn(name, 2), "Description": "Warmkey 0.2.0"})

    def _code(self, *_: object) -> Response:
        return Response(200, CODE, "application/zip")

    def _find(self, name: str) -> Function:
        if name not in self.functions:
            raise Refusal("ResourceNotFoundException", f"Function not found: {name}")
        return self.functions[name]


def _invocation(request_id: str, has_layer: bool, number: int) -> Invocation:
    """Takes 100 to 106 ms to start, and 9 more with the layer; no two in a row take as long."""
    init = 100 + number % 7 + (9 if has_layer else 0)
    return Invocation(request_id, duration=3 + number % 3, init=float(init))
