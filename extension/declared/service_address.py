"""Where an AWS service is: at the endpoint that somebody names, or at that of its region.

The host names are those of the SDKs' partitions.json and of the services' endpoint rules.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..http.address import Address, MalformedAddress, parse_url
from ..sources.service import Service
from ..sources.services import SERVICES
from .environment.variables import SettingError, Variables

# What follows the region in a host name, and in a dual-stack one; by the region's prefix.
_PARTITIONS = (
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ("", "amazonaws.com", "api.aws"),
)


_STS = "AWS_ENDPOINT_URL_STS"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the services are.

    Attributes:
        named: the addresses that somebody names, by service; that of the others by `*`.
        fips: whether the cryptography of the rest is to be validated by FIPS 140.
        dual_stack: whether they are to have IPv6 addresses, too.
    """

    named: Mapping[str, Address]
    fips: bool
    dual_stack: bool

    def address(self, service: str, region: str) -> Address:
        """The address of a service; one that is named answers for every region.

        Args:
            service: `ssm`, `secretsmanager` or `sts`.
            region: the region.
        """
        named = self.named.get(service) or self.named.get("*")
        if named is not None:
            return named
        host = host_of(service, region, fips=self.fips, dual_stack=self.dual_stack)
        return Address(host, 443, secure=True)


def endpoints(variables: Variables) -> Endpoints:
    """Read where the services are; what is in the clear and not loopback is a warning.

    An endpoint that is named wins over `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`.

    Args:
        variables: the environment; takes the warnings.

    Raises:
        SettingError: a variable holds no URL of a server.
    """
    fips = variables.boolean("", "AWS_USE_FIPS_ENDPOINT", default=False)
    dual_stack = variables.boolean("", "AWS_USE_DUALSTACK_ENDPOINT", default=False)
    names = {service.endpoint_url: name for name, service in SERVICES.items()}
    named = {
        name: _named(variables, variable, url)
        for variable, name in (*names.items(), (_STS, "sts"), ("AWS_ENDPOINT_URL", "*"))
        if (url := variables.environ.get(variable))
    }
    return Endpoints(named, fips, dual_stack)


def host_of(service: str, region: str, *, fips: bool = False, dual_stack: bool = False) -> str:
    """The host of a service in a region, as the SDKs have it.

    Args:
        service: `ssm`, `secretsmanager` or `sts`.
        region: the region; it need not be one that is known.
        fips: whether its cryptography is to be validated by FIPS 140.
        dual_stack: whether it is to have IPv6 addresses, too.
    """
    row = next(row for row in _PARTITIONS if region.startswith(row[0]))
    _, suffix, dual_stack_suffix = row
    traits = SERVICES.get(service, Service)
    if traits.is_fips_in_govcloud and fips and not dual_stack and region.startswith("us-gov-"):
        fips = False
    has_ipv6 = suffix == "amazonaws.com" or (row[0] == "cn-" and not fips)
    if traits.has_ipv6 and has_ipv6:
        dual_stack = False
    name = f"{service}-fips" if fips else service
    return f"{name}.{region}.{dual_stack_suffix if dual_stack else suffix}"


def _named(variables: Variables, variable: str, url: str) -> Address:
    try:
        address, target = parse_url(url)
    except MalformedAddress as error:
        raise SettingError(f"{variable}: {error}") from None
    if target != "/":
        raise SettingError(f"{variable} is {url!r}; it must not have a path: remove {target}")
    if not (address.secure or address.is_loopback):
        variables.warn(
            f"{variable} is {url!r}: secrets, and the session token of the credentials, "
            "travel there in the clear; use https:// where the network is not your own"
        )
    return address
