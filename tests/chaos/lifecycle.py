"""What may happen to the daemon's process, from its first instant to its last."""

from tests.chaos.lifecycle_api import CASES as API
from tests.chaos.lifecycle_core import CASES as CORE
from tests.chaos.lifecycle_death import CASES as DEATH
from tests.chaos.lifecycle_freeze import CASES as FREEZE
from tests.chaos.lifecycle_limits import CASES as LIMITS
from tests.chaos.lifecycle_places import CASES as PLACES
from tests.chaos.lifecycle_signals import CASES as SIGNALS

CASES = [*SIGNALS, *API, *FREEZE, *PLACES, *LIMITS, *DEATH, *CORE]
