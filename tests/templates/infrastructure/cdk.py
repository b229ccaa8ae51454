"""The constructs for the CDK, in TypeScript and in Python: what their apps synthesize."""

import json
import shutil
from functools import cache
from pathlib import Path

from layer.build import stages
from layer.build.plan import REPOSITORY
from tests.templates import tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import LAYER, Deployment
from tests.templates.infrastructure.cases import CASES

PACKAGE = REPOSITORY / "layer/infrastructure"
_HERE = Path(__file__).parent
_INGREDIENTS = (_HERE, PACKAGE, *(REPOSITORY / each for each in ("extension", "layer/deploy")))
_COMPILER = {
    "compilerOptions": {
        "module": "node16",
        "moduleResolution": "node16",
        "strict": True,
        "target": "es2022",
        "types": ["node"],
    },
    "files": ["app.ts"],
}


def key(name: str) -> str:
    """What the apps call the function of a case."""
    return "".join(word.capitalize() for word in name.replace(",", "").split())


@cache
def deployments(language: str, stack: str) -> dict[str, Deployment]:
    """The functions of a stack, by what the app calls them.

    Args:
        language: `ts` or `py`.
        stack: `each` for those of the cases, `all` for those that the aspect reaches.
    """

    def make(place: Path) -> None:
        place.mkdir()
        _write_cases(place)
        app = _typescript(place) if language == "ts" else _python(place)
        quietly = ("--quiet", "--no-notices", "--no-version-reporting")
        tools.run(tools.node() / "cdk", "synth", *quietly, "--app", app, folder=place)

    made = stages.stage(tools.BUILD / f"infrastructure-{language}", _INGREDIENTS, make)
    template = json.loads((made / f"cdk.out/{stack}.template.json").read_text(encoding="utf-8"))
    found = Stack(template, {}).deployments()
    return {name[:-8]: each for name, each in found.items()}  # without the digest of its path


def bundle() -> str:
    """What the CDK's `NodejsFunction` makes of a handler that leaves the client to the layer."""
    deployments("ts", "each")
    [file] = (tools.BUILD / "infrastructure-ts/cdk.out").glob("asset.*/index.js")
    return file.read_text(encoding="utf-8")


def modules(place: Path) -> Path:
    """A folder in which a project finds its packages, this one among them."""
    folder = place / "node_modules"
    folder.mkdir()
    for each in tools.node().parent.iterdir():
        if each.name != ".package-lock.json":
            (folder / each.name).symlink_to(each)
    shutil.copytree(PACKAGE, folder / "warmkey-infrastructure")
    return folder


def _write_cases(place: Path) -> None:
    given = {
        key(name): {
            "secrets": case.secrets,
            "stage": case.stage,
            "stages": case.stages,
            **({"config": case.config} if case.config is not None else {}),
            **({"kmsKey": case.kms_key} if case.kms_key else {}),
        }
        for name, case in CASES.items()
    }
    text = json.dumps({"layerArn": LAYER, "cases": given})
    (place / "cases.json").write_text(text, encoding="utf-8")


def _typescript(place: Path) -> str:
    """Compile the app, and return how it is run."""
    for name in ("app.ts", "handler.ts"):
        shutil.copy(_HERE / name, place)
    (place / "package-lock.json").write_text("{}", encoding="utf-8")
    (place / "tsconfig.json").write_text(json.dumps(_COMPILER), encoding="utf-8")
    modules(place)  # not the client's: it lies in the layer alone
    tools.run(tools.node() / "tsc", folder=place)
    return "node app.js"


def _python(place: Path) -> str:
    """Put the app where it finds the package, and return how it is run."""
    shutil.copy(_HERE / "app.py", place)
    (place / "warmkey").symlink_to(REPOSITORY / "layer/python/warmkey")
    return "python app.py"
