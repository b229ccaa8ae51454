"""Two cold starts, moment by moment, as a benchmark could have seen them."""

from warmkey.deploy.report.data.cold_start import ColdStart, Lane, Moment, Span


def with_warmkey() -> ColdStart:
    """30 secrets in three calls, SSM 20 ms away."""
    return ColdStart(
        "With Warmkey",
        "ours",
        (
            Lane("Lambda", (Span("INIT", 0, 74.1, "platform"),)),
            Lane(
                "Extension",
                (
                    Span("launcher: bind, register", 0, 0.5, "extension"),
                    Span("interpreter and settings", 0.5, 6.4, "extension"),
                    Span("TLS handshake", 6.4, 29.2, "upstream"),
                    Span("finishing the interpreter", 9.8, 12.3, "extension"),
                    Span("answers into the cache", 52.3, 54.1, "extension"),
                ),
                (Moment("registered", 0.5), Moment("next", 54.1)),
            ),
            Lane(
                "Runtime",
                (
                    Span("start of the runtime", 0.8, 61.0, "function"),
                    Span("import of the handler", 61.0, 66.5, "function"),
                ),
            ),
            Lane(
                "Handler",
                (Span("first read", 66.5, 67.7, "wait"), Span("the rest", 67.7, 71.2, "function")),
            ),
            Lane(
                "AWS",
                (
                    Span("GetParameters 1", 29.2, 52.3, "upstream"),
                    Span("GetParameters 2", 29.4, 51.8, "upstream"),
                    Span("GetParameters 3", 29.5, 51.1, "upstream"),
                ),
            ),
        ),
        Moment("30 secrets in hand", 67.7),
        "The median of 20 starts with SSM 20 ms away.",
    )


def with_boto3() -> ColdStart:
    """The same, by the function itself."""
    return ColdStart(
        "boto3 in the function",
        "other",
        (
            Lane("Lambda", (Span("INIT", 0, 512.6, "platform"),)),
            Lane(
                "Runtime",
                (
                    Span("start of the runtime", 0.4, 60.2, "function"),
                    Span("import boto3", 60.2, 341.7, "function"),
                ),
            ),
            Lane(
                "Handler",
                (
                    Span("client", 341.7, 412.4, "function"),
                    Span("first read", 412.4, 508.3, "wait"),
                ),
            ),
            Lane(
                "AWS",
                (
                    Span("TLS handshake", 414.0, 437.1, "upstream"),
                    Span("GetParameters 1", 437.1, 461.0, "upstream"),
                    Span("GetParameters 2", 461.0, 484.2, "upstream"),
                    Span("GetParameters 3", 484.2, 507.0, "upstream"),
                ),
            ),
        ),
        Moment("30 secrets in hand", 508.3),
    )
