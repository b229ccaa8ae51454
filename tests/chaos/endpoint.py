"""What local clients may do to the endpoint, by mistake or in malice."""

from tests.chaos.endpoint_access import CASES as ACCESS
from tests.chaos.endpoint_crowds import CASES as CROWDS
from tests.chaos.endpoint_heads import CASES as HEADS
from tests.chaos.endpoint_targets import CASES as TARGETS

CASES = [*CROWDS, *HEADS, *TARGETS, *ACCESS]
