"""What officers read names no command, setting, file, working note or key; operators have catalogues of their own."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.errors import WrongInput
from models.yaml_text import read_yaml
from procedures.facts import Need
from procedures.state_machine.field_values import parse
from templates.words import t
from tests.house.test_house import ROOT, name, tracked
from web.rendering import error_text

# Catalogues of the command line and the server, and the errors in a procedure file.
OPERATOR_FILES = {"cli.yaml", "run.yaml", "replay.yaml", "operator.yaml"}
OPERATOR_KEYS = re.compile(r"errors\.procedure_|cli\.")
OF_FILES = re.compile(
    r"errors\.(?:procedure|closings_not)_"
)  # a procedure or a list of closing days that was brought in
TECHNICAL = {
    "setting": r"COOPCASE_\w+",
    "command": r"\bcoopcase [a-z]+|(?<![\w-])--[a-z][a-z-]+",
    "file": r"[\w/-]+\.(?:md|ya?ml|py|j2|log|key|toml|db)\b|\bYAML\b|\bJSON\b",
    "address": r"(?<![\w.¤])/(?:office|cases|letters|report|me|import)\b",
    "working note": r"law_checked|law2012_open|\[S[:~]",
    "code": r"\b[B-SU-Z]\d{1,2}\b(?!\.|/)|trục [A-Z]\b|\baxis [A-Z]\b",
    "key": r"(?<![\w=/.])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w@])",
}
PLACEHOLDERS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[^{}]*\}", re.DOTALL)


def technical(text: str, besides: str = "") -> list[str]:
    """The technical words in a text, of each kind but `besides`; what is in braces is filled in and does not count."""
    plain = PLACEHOLDERS.sub("¤", text)
    kinds = (words for kind, words in TECHNICAL.items() if kind != besides)
    return [found[0] for words in kinds for found in re.finditer(words, plain)]


def bilingual(content: Any) -> Iterator[str]:
    """Every text of data that comes in both languages: labels, hints, helps, titles."""
    if isinstance(content, dict):
        if "vi" in content and isinstance(content["vi"], str):
            yield from (content[lang] for lang in ("vi", "en") if lang in content)
        for value in content.values():
            yield from bilingual(value)
    elif isinstance(content, list):
        for value in content:
            yield from bilingual(value)


def catalogues() -> Iterator[tuple[str, str, dict[str, str]]]:
    for path in sorted((ROOT / "templates" / "words").glob("*.yaml")):
        for key, entry in (read_yaml(path.read_text(encoding="utf-8")) or {}).items():
            yield path.name, key, entry


def for_operators(file: str, key: str) -> bool:
    return file in OPERATOR_FILES or bool(OPERATOR_KEYS.match(key))


def data_files() -> list[Path]:
    """Data with texts that officers read; versions of the procedure that are in force somewhere never change."""
    folders = {"procedures", "letters", "register", "templates"}
    kept = ("former", "words")
    return [
        path
        for path in tracked()
        if path.suffix == ".yaml"
        and path.relative_to(ROOT).parts[0] in folders
        and not set(path.parts) & set(kept)
        and "_before_version_" not in path.name
    ]


def test_technical_words_are_recognised() -> None:
    assert technical("Xem «coopcase week --dry-run» (COOPCASE_MAIL), law_checked 2f, docs/law-sources.md.") == [
        "COOPCASE_MAIL", "coopcase week", "--dry-run", "docs/law-sources.md", "law_checked", "law_checked",
    ]  # fmt: skip
    assert technical("Khóa own_days, {field_name}: tệp .xlsx; dd/mm/yyyy; {{ day('first_day') }}") == ["own_days"]


def test_the_catalogues_of_officers_are_free_of_technical_words() -> None:
    found = {
        f"{file} {key}: {', '.join(words)}"
        for file, key, entry in catalogues()
        if not for_operators(file, key)
        for text in entry.values()
        if (words := technical(text))
    }
    assert sorted(found) == []


def test_no_page_and_no_message_shows_a_text_for_operators() -> None:
    """Their keys are not named where pages and messages are made; errors are raised by code and shown by its key."""
    shown = "\n".join(
        path.read_text(encoding="utf-8")
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in ("web", "notifications", "templates")
        and path.suffix in (".py", ".html", ".txt", ".j2")
        and path.parent.name != "proof"  # for those who check a case outside of the office
    )
    keys = {key for file, key, _ in catalogues() if for_operators(file, key)}
    named = {key for key in keys if re.search(rf'"{re.escape(key.removeprefix("errors."))}"', shown)}
    assert {key for key in named if not OF_FILES.match(key)} == set()


@pytest.mark.parametrize("path", data_files(), ids=name)
def test_labels_and_hints_of_data_are_free_of_technical_words(path: Path) -> None:
    content = read_yaml(path.read_text(encoding="utf-8"))
    assert sorted({word for text in bilingual(content) for word in technical(text)}) == []


def test_templates_and_guides_are_free_of_technical_words() -> None:
    found = {
        f"{name(path)}: {word}"
        for path in tracked()
        if path.relative_to(ROOT).parts[0] == "templates"
        and (path.suffix in (".html", ".txt") or ("guide" in path.parts and path.suffix == ".md"))
        and path.parent.name != "proof"
        for word in technical(
            re.sub(r"<[^>]*>", " ", PLACEHOLDERS.sub("¤", path.read_text(encoding="utf-8"))), besides="address"
        )  # links are addresses
    }
    assert sorted(found) == []
    fields = {
        f"{name(path)}: {word}"
        for path in tracked()
        if path.suffix == ".j2"
        for text in re.findall(r'\b(?:vi|en): "([^"]*)"', path.read_text(encoding="utf-8"))
        for word in technical(text)
    }
    assert sorted(fields) == []


def test_a_field_without_a_name_is_not_called_by_its_key() -> None:
    error = WrongInput("some_key", "not_a_date", value="x")
    assert "some_key" not in error_text(error, "vi") and t("unfinished.field_other", "vi") in error_text(error, "vi")
    assert error_text(WrongInput("Ngày quyết định", "not_a_date", value="x"), "vi").count("Ngày quyết định") == 1


def test_the_options_of_a_field_are_named_in_words() -> None:
    wages = {"vi": "Nợ lương", "en": "Wages"}
    rank = Need("rank", "choice", True, {"vi": "Hàng", "en": "Rank"}, options={"wages": wages})
    with pytest.raises(WrongInput) as wrong:
        parse(rank, "khác", date(2016, 3, 14))
    assert "Nợ lương" in error_text(wrong.value, "vi") and "Wages" in error_text(wrong.value, "en")
    listed = WrongInput("layer", "not_an_option", value="x", options="city, office")
    for lang in ("vi", "en"):
        assert "wages" not in error_text(wrong.value, lang)
        assert "office" not in error_text(listed, lang) and "{" not in error_text(listed, lang)
