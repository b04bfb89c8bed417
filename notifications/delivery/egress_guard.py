"""Where a channel may lead: out of the house, or to those places inside it that the operator has named.

Looked at when a connection is made, in the thread that makes it: whatever a name is said to be the first time it is
asked, wherever a redirect points, and whichever plug-in it is, the address that is really called decides.
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
    """A channel was about to call this machine or a neighbour of it."""


@dataclass
class Bounds:
    """What one thread may call: the world, and these networks inside; never the ports of this machine's own house."""

    networks: Sequence[Network]
    own_ports: frozenset[int]
    crossed: bool = False  # a step inside was refused, whatever the plug-in then called it


@dataclass
class _Thread(threading.local):
    bounds: Bounds | None = field(default=None)


_here = _Thread()


def networks_inside(chosen: Settings) -> list[Network]:
    """The networks inside the house that channels may reach. Raises WrongInput."""
    named = [item.strip() for item in chosen.channels_inside.split(",") if item.strip()]
    try:
        return [ipaddress.ip_network(item, strict=False) for item in named]
    except ValueError:
        raise WrongInput(SETTING, "not_a_network") from None


@contextmanager
def outward(chosen: Settings) -> Iterator[Bounds]:
    """Meanwhile this thread reaches what channels may reach; a step elsewhere raises EgressBlocked in the plug-in."""
    bounds = Bounds(networks_inside(chosen), frozenset({chosen.port, chosen.prefect_port}))
    _watch()
    _here.bounds = bounds
    try:
        yield bounds
    finally:
        _here.bounds = None


def _inside(bounds: Bounds, place: Any) -> bool:
    if not isinstance(place, tuple) or len(place) < 2:
        return True  # a socket that is a file of this machine
    found = [_address(str(place[0]))] if _is_number(str(place[0])) else _named(str(place[0]))
    return any(_refused(bounds, address, place[1]) for address in found)


def _refused(bounds: Bounds, address: Address, port: object) -> bool:
    at_home = address.is_loopback or address.is_unspecified
    if at_home and port in bounds.own_ports:
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


def _look(event: str, args: tuple[Any, ...]) -> None:
    bounds = _here.bounds if event in CALLS else None
    if bounds is not None and _inside(bounds, args[1]):
        bounds.crossed = True
        raise EgressBlocked


def _watch() -> None:
    """Hang the look on every connection of this process, once."""
    if not _watching.is_set():
        _watching.set()
        sys.addaudithook(_look)


_watching = threading.Event()
