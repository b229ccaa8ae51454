"""How long an extension drains."""

from extension.run import daemon, extension

LEFT_BY_LAMBDA = 1.5
"""Seconds from SHUTDOWN to SIGKILL, where the runtime has taken long."""


def test_draining_ends_before_lambda_kills() -> None:
    """With the moment for those who waited to the last."""
    assert extension._DRAIN + daemon._FAREWELL <= LEFT_BY_LAMBDA
