"""Why a start failed, for whoever can fix it."""

from __future__ import annotations

from collections.abc import Mapping

from ...declared.declarations import DeclarationError
from ...declared.environment.variables import SettingError
from ...declared.stages import MalformedStageMap, StageError
from ...http.failure import Failed
from ..extensions_api.client import LambdaApiError
from ..log.log import Log
from ..log.shortage import shortage

# What a user can fix, and the error type that it is reported to Lambda as.
_ERROR_TYPES: dict[type[Exception], str] = {
    SettingError: "Extension.InvalidSetting",
    MalformedStageMap: "Extension.InvalidSetting",
    StageError: "Extension.UnknownStage",
    DeclarationError: "Extension.InvalidDeclaration",
    LambdaApiError: "Extension.RegistrationFailed",
}


def describe(failure: Exception, log: Log) -> tuple[str, str]:
    """Describe a failure; an unexpected one is also logged, with its place.

    Args:
        failure: what was raised.
        log: the log.

    Returns:
        Its error type, of the form `Extension.Reason`, and its message.
    """
    error_type = _ERROR_TYPES.get(type(failure))
    if error_type is not None:
        return error_type, str(failure)
    log.internal_error(failure)
    if reason := shortage(failure):
        return "Extension.Shortage", reason
    return "Extension.Fault", f"an internal error in Warmkey: {type(failure).__name__}"


def unavailable(missing: Mapping[str, Failed]) -> str:
    """The message for secrets that `WARMKEY_REQUIRED` asks for and that are unavailable.

    Args:
        missing: the declared secrets that are unavailable, by alias, and why.
    """
    reasons = (
        f"{alias}: {failed.detail}{f' ({failed.hint})' if failed.hint else ''}"
        for alias, failed in missing.items()
    )
    return f"WARMKEY_REQUIRED is true, but these secrets are unavailable: {'; '.join(reasons)}"
