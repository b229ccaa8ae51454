"""Changes as an operator sees them: many that are alike, once."""

from warmkey.deploy.output.change import Change, render


def of(name: str, **after: str) -> Change:
    """A function that gets something."""
    return Change(f"function {name}", {}, after, incidental=frozenset({"record"}))


def test_single_change_is_shown_by_itself() -> None:
    """Without a summary, which would be longer."""
    shown = render([of("a", layer="1", record="x")], 10_000, verbose=False).plain
    assert shown == "function a\n  + layer: 1\n  + record: x\n"


def test_changes_that_are_alike_are_shown_once_after_a_summary() -> None:
    """But for what each has of its own."""
    role = Change("role r", {}, {"policy": "p"})
    changes = [role, of("a", layer="1", record="x"), of("b", layer="1", record="y"), of("c", k="v")]
    assert render(changes, 10_000, verbose=False).plain.splitlines() == [
        "to change: 1 role, 3 functions in 2 ways",
        "role r",
        "  + policy: p",
        "2 functions: a, b",
        "  + layer: 1",
        "  + record: (each its own)",
        "function c",
        "  + k: v",
    ]


def test_a_property_that_a_group_shares_is_shown_as_it_is() -> None:
    """Though it might differ."""
    shown = render([of("a", record="x"), of("b", record="x")], 10_000, verbose=False).plain
    assert shown.endswith("2 functions: a, b\n  + record: x\n")


def test_long_group_counts_what_it_does_not_name() -> None:
    """A hundred names fill a terminal."""
    shown = render([of(f"f{n}", layer="1") for n in range(100)], 10_000, verbose=False).plain
    assert shown.startswith("to change: 100 functions alike\n100 functions: f0, f1, ")
    assert "f9 and 90 more (--verbose names them)\n  + layer: 1\n" in shown


def test_part_that_all_of_a_group_have_is_named_once() -> None:
    """Such as the policy of a hundred roles."""
    changes = [Change(f"role r{n}, inline policy p", {}, {"read": "all"}) for n in range(2)]
    assert "2 roles, inline policy p: r0, r1\n" in render(changes, 10_000, verbose=False).plain
    other = Change("role r2, inline policy q", {}, {"read": "all"})
    shown = render([*changes, other], 10_000, verbose=False).plain
    assert "3 roles: r0, inline policy p, r1, inline policy p, r2, inline policy q\n" in shown


def test_verbose_shows_each_change() -> None:
    """With its own record."""
    shown = render([of("a", record="x"), of("b", record="y")], 10_000, verbose=True).plain
    assert shown == "function a\n  + record: x\nfunction b\n  + record: y\n"


def test_a_long_line_goes_on_below_and_no_word_is_broken() -> None:
    """An ARN that is longer than the terminal is wide can be copied."""
    arn = f"arn:aws:ssm:eu-central-1:123456789012:parameter/{'billing-' * 10}key"
    words = f"allow ssm:GetParameter, ssm:GetParameters, kms:Decrypt of {arn} and others"
    change = Change("role billing", {}, {"ReadParameters": words})
    shown = render([change], 60, verbose=False).plain.splitlines()
    assert shown == [
        "role billing",
        "  + ReadParameters: allow ssm:GetParameter,",
        "      ssm:GetParameters, kms:Decrypt of",
        f"      {arn}",
        "      and others",
    ]


def test_names_of_a_group_go_on_below() -> None:
    """At the width of an ordinary terminal."""
    changes = [of(f"a-function-with-a-longer-name-{number}", layer="1") for number in range(5)]
    lines = render(changes, 80, verbose=False).plain.splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).count("a-function-with-a-longer-name-") == 5
