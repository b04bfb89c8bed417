"""How a message calls the day that another one is compared with, in both languages."""

from collections.abc import Mapping

from procedures.day_vocabulary import CONDITIONS, OWN, DayRef
from procedures.schema import Procedure, Verb, Words

Both = Mapping[str, str]
OWN_DAY: Both = {"vi": "Ngày xảy ra", "en": "Day it happened"}
_NAMED: Mapping[str, Both] = {
    "opened": {"vi": "ngày mở hồ sơ", "en": "the day the case was opened"},
    "entered": {"vi": "ngày hồ sơ sang bước hiện nay", "en": "the day the case came to its present step"},
    "today": {"vi": "hôm nay", "en": "today"},
    CONDITIONS: {"vi": "ngày của việc mà bước này đòi hỏi", "en": "the day of what this act asks for"},
}
_OF_VERB: Both = {"vi": "«{day}» của việc «{verb}»", "en": "“{day}” of “{verb}”"}
_START: Both = {"vi": "ngày đầu của «{deadline}»", "en": "the first day of “{deadline}”"}
_END: Both = {"vi": "ngày cuối của «{deadline}»", "en": "the last day of “{deadline}”"}
_ASKED: Both = {"vi": "ngày bắt đầu chờ hoặc tính thời hạn đã chọn", "en": "the day the chosen deadline began"}
_ISSUED: Both = {"vi": "ngày phát hành văn bản «{letter}»", "en": "the day the letter “{letter}” was issued"}
_NUMBER: Both = {"vi": ", mục số {seq} trong hồ sơ", "en": ", entry {seq} of the case"}


def label_of(verb: Verb | None, field: str) -> Both:
    """The label of a date field, or of the day of the act."""
    if field == OWN or verb is None or field not in verb.needs:
        return OWN_DAY if field == OWN else {"vi": field, "en": field}
    return pair(verb.needs[field].label)


def other_day(procedure: Procedure, verb: Verb | None, ref: DayRef, seq: int | None) -> Both:
    """What a day is, with the number of the fact that says it."""
    return {lang: _said(procedure, verb, ref, seq, lang) for lang in ("vi", "en")}


def pair(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}


def _said(procedure: Procedure, verb: Verb | None, ref: DayRef, seq: int | None, lang: str) -> str:
    number = _NUMBER[lang].format(seq=seq) if seq is not None else ""
    if ref.named:
        return _NAMED[ref.field][lang] + number
    if ref.issued:
        return _ISSUED[lang].format(letter=ref.issued) + number
    if ref.asked:
        return _ASKED[lang] + number
    if ref.start or ref.end:
        kind = procedure.deadlines.get(ref.start or ref.end)
        deadline = kind.label[lang] if kind else ref.start or ref.end
        return (_START if ref.start else _END)[lang].format(deadline=deadline) + number
    if not ref.verb:
        return f"«{label_of(verb, ref.field)[lang]}»"
    other = procedure.verbs.get(ref.verb)
    day = label_of(other, ref.field)[lang]
    return _OF_VERB[lang].format(day=day, verb=other.done[lang] if other else ref.verb) + number
