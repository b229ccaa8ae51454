"""The rules of `attach` as data, from which the constructs, plugins and modules work.

Terraform and Node.js can't run this package. So what `attach` and `policy` do is written down as
JSON, from the very objects that they use: `layer/infrastructure/rules.json` for Node.js, and the
same file in `layer/terraform/`. A test holds both to this module, and what is made of them to
`policy.document`.
"""

import json
from typing import Any

from ...extension.declared.declarations import MARK
from ...extension.sources.parameter import SECRET_PREFIX, Parameter
from ...extension.sources.parameter_path import ParameterPath
from ...extension.sources.secretsmanager import Secret
from ...extension.sources.services import SERVICES
from ...extension.sources.source import Source
from ..functions import environment
from ..iam.policy import CONNECTIONS
from ..layers import layer

_HERE = "arn:{partition}:{service}:{region}:{account}:"
_OF_AWS = "arn:{partition}:{service}:{region}::"
_PUBLIC = "aws/service/"
_OF_SSM = r"arn:[^:]+:ssm:([^:]+):[0-9]+:parameter"
_OF_SECRETS = r"arn:[^:]+:secretsmanager:([^:]+):[0-9]+:secret:.+"
_COMPLETE = "-[A-Za-z0-9]{6}"


def rules() -> dict[str, Any]:
    """The rules.

    Each reference, without its field and options, is held against the patterns of `forms` in their
    order; the first that matches says what permission it takes. In `arn`, `{1}` is what the
    pattern's first group has matched, and so on; `region` is where it lies, empty for the
    function's own. `below` is appended to the ARN for the encryption context of KMS. A parameter
    that matches `through` is read as another reference, too.
    """
    return {
        "mark": MARK,
        "stage": "WARMKEY_STAGE",
        "stages": "WARMKEY_STAGES",
        "wrapper": {
            "variable": environment.WRAPPER,
            "value": environment.WARMKEY_EXEC,
            "next": environment.NEXT_WRAPPER,
            "unsupported": environment.WITHOUT_WRAPPER.pattern,
        },
        "alias": f"^{environment.VARIABLE.pattern}$",
        "reserved": sorted(environment.RESERVED),
        "layers": layer.MOST,
        "connections": CONNECTIONS,
        "services": {
            name: {"batch": service.batch_action, "context": service.encryption_context}
            for name, service in SERVICES.items()
            if service.encryption_context
        },
        "through": {
            "pattern": f"^(?:ssm:)?{SECRET_PREFIX}([^:]+)(:.+)?$",
            "reference": "secretsmanager:{1}",
        },
        "forms": [
            _form(Parameter, f"({_OF_SSM}/[^:]+)(:.+)?", "{1}", region="{2}"),
            _form(Secret, f"({_OF_SECRETS}{_COMPLETE})", "{1}", region="{2}"),
            _form(Secret, f"({_OF_SECRETS})", "{1}-??????", region="{2}"),
            _form(Parameter, f"(?:ssm:)?/({_PUBLIC}[^:]+)(:.+)?", _OF_AWS + "parameter/{1}"),
            _form(ParameterPath, r"(?:ssm:)?/(.+)/\*", _HERE + "parameter/{1}", below="/*"),
            _form(Parameter, "(?:ssm:/?|/)([^:]+)(:.+)?", _HERE + "parameter/{1}"),
            _form(Secret, "secretsmanager:([^:]+)", _HERE + "secret:{1}-??????"),
        ],
    }


def text() -> str:
    """The rules as they stand in the files."""
    return json.dumps(rules(), indent=2) + "\n"


def _form(
    kind: type[Source], pattern: str, arn: str, *, region: str = "", below: str = ""
) -> dict[str, Any]:
    return {
        "pattern": f"^{pattern}$",
        "service": kind.service,
        "statement": kind.statement,
        "actions": list(kind.actions),
        "arn": arn,
        "region": region,
        "below": below,
    }
