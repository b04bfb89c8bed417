"""What the address of a channel may be, and how many channels a person may have.

A rule about addresses is one line of ADDRESS_RULES or SERVICE_RULES and the words `errors.CODE` in both languages.
Where a connection may lead is decided when it is made: see `egress_guard`.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import apprise

from models.errors import Refused, WrongInput
from procedures.state_machine.field_values import clean_text, one_line

LONGEST_ADDRESS, LONGEST_LABEL, MOST_CHANNELS = 2000, 60, 8
# Apprise services that show messages on the server itself, where no recipient reads them.
LOCAL_SCHEMES = ("dbus", "qt", "glib", "gnome", "kde", "macosx", "windows", "syslog", "blink1")
SCHEMES_THAT_WRITE_KEYS = ("vapid",)


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` is the error when `breaks` holds, of the typed address or of the Apprise service made from it."""

    code: str
    breaks: Callable[[Any], bool]


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()


def _takes_files(service: Any) -> bool:
    """Some plug-ins read templates and keys from a path in the address: files of this machine."""
    held = [value for value in vars(service).values() if isinstance(value, apprise.AppriseAttachment)]
    return any(len(value) for value in held) or service.secure_protocol in SCHEMES_THAT_WRITE_KEYS


ADDRESS_RULES: Sequence[Rule] = (
    Rule("not_a_channel", lambda address: len(address) > LONGEST_ADDRESS),
    Rule("not_a_channel", lambda address: not address.isprintable()),
    Rule("not_a_channel", lambda address: _scheme(address) in LOCAL_SCHEMES),
)
SERVICE_RULES: Sequence[Rule] = (
    Rule("not_a_channel", lambda service: service is None),
    Rule("channel_takes_files", _takes_files),
)


def service_of(address: str, field: str = "address") -> Any:
    """The Apprise service of an address. Raises WrongInput naming `field`; the address is never repeated."""
    _apply(ADDRESS_RULES, address, field)
    service = None
    with contextlib.suppress(Exception):  # plug-ins raise anything over a bad address
        service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    _apply(SERVICE_RULES, service, field)
    return service


def label_of(typed: str) -> str:
    """The name of a channel on one line, cut to LONGEST_LABEL. Raises WrongInput when nothing is left."""
    label = one_line(clean_text("label", typed))[:LONGEST_LABEL]
    if not label:
        raise WrongInput("label", "channel_needs_name")
    return label


def check_count(existing: int) -> None:
    """Raises Refused when a person who has `existing` channels may have no further one."""
    if existing >= MOST_CHANNELS:
        raise Refused("too_many_channels", most=MOST_CHANNELS)


def _apply(rules: Sequence[Rule], subject: Any, field: str) -> None:
    for rule in rules:
        if rule.breaks(subject):
            raise WrongInput(field, rule.code)
