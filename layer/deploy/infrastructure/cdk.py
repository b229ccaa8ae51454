"""The layer for the CDK in Python: `from warmkey.deploy.infrastructure.cdk import Warmkey`.

Needs `aws-cdk-lib`, which this package does not bring: whoever writes an app for the CDK has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import jsii
from aws_cdk import IAspect, Stack
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import Function, LayerVersion
from constructs import Construct, IConstruct

from ...extension.declared import declarations, stages
from ...extension.declared.declarations import MARK, DeclarationError
from ...extension.declared.stages import StageError
from ...extension.sources.source import Place
from ..functions import environment
from ..iam import policy
from ..output.failure import Failure
from ..secrets import arn


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a function is to have, as `warmkey attach` takes it.

    Attributes:
        secrets: References by the variables that declare them.
        config: The text of the package's warmkey.json, for the permissions of what it declares.
        stage: The stage, which becomes `WARMKEY_STAGE`.
        stages: What `{stage}` becomes in each stage, which becomes `WARMKEY_STAGES`.
        exec: Whether the runtime is started through the exec wrapper.
        kms_key: ARN, id or `alias/NAME` of the customer managed key that encrypts the secrets.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    config: str | None = None
    stage: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    exec: bool = False
    kms_key: str = ""

    def variables(self) -> dict[str, str]:
        """The function's variables, but for the wrapper.

        Raises:
            Failure: Lambda would refuse one.
        """
        for alias in self.secrets:
            environment.check_name(alias)
        found = {alias: f"{MARK}{reference}" for alias, reference in self.secrets.items()}
        if self.stage:
            found[stages.VARIABLES[0]] = self.stage
        if self.stages:
            found["WARMKEY_STAGES"] = ",".join(f"{k}={v}" for k, v in self.stages.items())
        return found


class Warmkey(Construct):
    """A published version of the layer, and what holds for every function that gets it.

    Args:
        layer_arn: Its ARN, as `warmkey publish` prints it, for the functions' region and
            architecture.
        wanted: What each function is to have unless another thing is said of it.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, layer_arn: str, wanted: Wanted | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        self._version = LayerVersion.from_layer_version_arn(self, "Version", layer_arn)
        self._wanted = wanted or Wanted()

    def attach(self, function: Function, wanted: Wanted | None = None) -> None:
        """Give a function the layer, its variables, and the permission to read just that.

        Args:
            function: The function.
            wanted: What it is to have; what the construct says unless given.

        Raises:
            Failure: It can't be done as asked.
        """
        wanted = wanted or self._wanted
        variables = wanted.variables()
        try:
            found = declarations.declared(variables, wanted.config, "warmkey.json")
        except (DeclarationError, StageError) as error:
            raise Failure(str(error)) from None
        if wanted.exec:
            variables = environment.wrap(variables, function.runtime.name)
        function.add_layers(self._version)
        for name, value in variables.items():
            function.add_environment(name, value)
        stack = Stack.of(function)
        place = Place(stack.partition, stack.region, stack.account)
        keys = {wanted.kms_key: arn.sources(found.all())} if wanted.kms_key else {}
        for statement in policy.document(found.all(), place, keys=keys)["Statement"]:
            function.add_to_role_policy(PolicyStatement.from_json(statement))


@jsii.implements(IAspect)
class WarmkeyEverywhere:
    """An aspect that attaches the layer to every function: `Aspects.of(stack).add(…)`.

    Args:
        warmkey: The layer.
        wanted: What a function is to have; None leaves it alone.
    """

    def __init__(
        self,
        warmkey: Warmkey,
        wanted: Callable[[Function], Wanted | None] = lambda _: Wanted(),
    ) -> None:
        self._warmkey = warmkey
        self._wanted = wanted

    def visit(self, node: IConstruct) -> None:
        """Attach it, if this is a function that is to have it."""
        if isinstance(node, Function) and (wanted := self._wanted(node)):
            self._warmkey.attach(node, wanted)
