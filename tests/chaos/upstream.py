"""What AWS, and the network before it, may do to the daemon."""

from tests.chaos.upstream_addresses import CASES as ADDRESSES
from tests.chaos.upstream_clock import CASES as CLOCK
from tests.chaos.upstream_credentials import CASES as CREDENTIALS
from tests.chaos.upstream_faults import CASES as FAULTS
from tests.chaos.upstream_names import CASES as NAMES
from tests.chaos.upstream_rotation import CASES as ROTATION
from tests.chaos.upstream_tls import CASES as TLS
from tests.chaos.upstream_values import CASES as VALUES

CASES = [*FAULTS, *NAMES, *ADDRESSES, *TLS, *CREDENTIALS, *VALUES, *ROTATION, *CLOCK]
