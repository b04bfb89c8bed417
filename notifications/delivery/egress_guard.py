"""Addresses that channels may reach: public ones, and the internal networks that the operator has named.

Checked when a connection is made, in the thread that makes it: a name that resolves differently the second time, a
redirect or a plug-in changes nothing, for the address that is really called decides.
"""

import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from models.errors import WrongInput
from models.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SETTING = "COOPCASE_CHANNELS_INSIDE"
CALLS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class EgressBlocked(OSError):
    """A channel was about to connect to this machine or its internal network."""


@dataclass
class Bounds:
    """What one thread may call: public addresses and these internal networks, never the product's own ports."""

    networks: Sequence[Network]
    own_ports: frozenset[int]
    crossed: bool = False  # a connection was refused, whatever error the plug-in made of it


@dataclass
class _Thread(threading.local):
    bounds: Bounds | None = field(default=None)


_here = _Thread()


def networks_inside(chosen: Settings) -> list[Network]:
    """The internal networks that channels may reach (COOPCASE_CHANNELS_INSIDE). Raises WrongInput."""
    named = [item.strip() for item in chosen.channels_inside.split(",") if item.strip()]
    try:
        return [ipaddress.ip_network(item, strict=False) for item in named]
    except ValueError:
        raise WrongInput(SETTING, "not_a_network") from None


@contextmanager
def outward(chosen: Settings) -> Iterator[Bounds]:
    """Within the block this thread may call what channels may reach; other calls raise EgressBlocked in the plug-in."""
    bounds = Bounds(networks_inside(chosen), frozenset({chosen.port, chosen.prefect_port}))
    _watch()
    _here.bounds = bounds
    try:
        yield bounds
    finally:
        _here.bounds = None


def _is_blocked(bounds: Bounds, place: Any) -> bool:
    if not isinstance(place, tuple) or len(place) < 2:
        return True  # a socket that is a file of this machine
    found = [_address(str(place[0]))] if _is_number(str(place[0])) else _named(str(place[0]))
    return any(_refused(bounds, address, place[1]) for address in found)


def _refused(bounds: Bounds, address: Address, port: object) -> bool:
    this_machine = address.is_loopback or address.is_unspecified
    if this_machine and port in bounds.own_ports:
        return True
    if address.is_global and not address.is_multicast:
        return False
    return not any(address in network for network in bounds.networks)


def _is_number(host: str) -> bool:
    try:
        _address(host)
    except ValueError:
        return False
    return True


def _address(host: str) -> Address:
    found = ipaddress.ip_address(host.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _named(host: str) -> list[Address]:
    return [_address(str(place[0])) for *_, place in socket.getaddrinfo(host, None)]


def _audit(event: str, args: tuple[Any, ...]) -> None:
    bounds = _here.bounds if event in CALLS else None
    if bounds is not None and _is_blocked(bounds, args[1]):
        bounds.crossed = True
        raise EgressBlocked


def _watch() -> None:
    """Add the audit hook to this process, once."""
    if not _watching.is_set():
        _watching.set()
        sys.addaudithook(_audit)


_watching = threading.Event()
