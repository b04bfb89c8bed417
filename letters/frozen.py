"""Serialises letters to JSON and back: an approved letter is stored complete, independent of its template."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from letters.tree import Appendix, Block, Letter, Missing, Run, Table, Unverified


def freeze(letter: Letter) -> dict[str, Any]:
    """Return the letter as plain JSON values."""
    content = asdict(letter)
    content["on"] = letter.on.isoformat()
    content["body"] = [_frozen(part) for part in letter.body]
    content["appendices"] = [
        {"title": appendix.title, "body": [_frozen(part) for part in appendix.body]} for appendix in letter.appendices
    ]
    content["missing"] = [asdict(item) | {"label": dict(item.label)} for item in letter.missing]
    found: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False))
    return found


def thaw(content: Mapping[str, Any]) -> Letter:
    """Return the letter from the values of `freeze`."""
    lists = {name: tuple(content[name]) for name in ("addressees", "authority", "recipients")}
    second = content["second_signer"]
    return Letter(
        **{
            **content,
            **lists,
            "on": date.fromisoformat(content["on"]),
            "body": tuple(_thawed(part) for part in content["body"]),
            "second_signer": (second[0], second[1]) if second else None,
            "co_signers": tuple((item[0], item[1]) for item in content.get("co_signers", ())),
            "missing": tuple(Missing(**item) for item in content["missing"]),
            "unverified": tuple(Unverified(**item) for item in content["unverified"]),
            "appendices": tuple(
                Appendix(item["title"], tuple(_thawed(part) for part in item["body"]))
                for item in content.get("appendices", ())  # absent in letters approved before appendices existed
            ),
        }
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a frozen letter, in hex."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _frozen(part: Block | Table) -> dict[str, Any]:
    if isinstance(part, Table):
        return {"header": part.header, "rows": part.rows, "widths": part.widths, "right": sorted(part.right)}
    return asdict(part)


def _thawed(part: Mapping[str, Any]) -> Block | Table:
    if "header" in part:
        rows = tuple(tuple(row) for row in part["rows"])
        return Table(tuple(part["header"]), rows, tuple(part["widths"]), frozenset(part["right"]))
    return Block(part["kind"], tuple(Run(**run) for run in part["runs"]), part["label"])
