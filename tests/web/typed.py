"""Forms of pages as a browser sees them: read, filled in, sent without the session that they were drawn for."""

from dataclasses import dataclass, field

from lxml import html as parser

from tests.web.web_office import Visitor
from web.account.unfinished_pages import label_of

NOT_SHOWN = {"seen", "kind", "evidence", "file"}  # a tick, a code; files are listed by their own names
FILE = ("bien-ban.txt", "Biên bản họp (thử)".encode(), "text/plain")
Files = list[tuple[str, tuple[str, bytes, str]]]
Values = list[tuple[str, str]]


@dataclass
class PageForm:
    """A form for sending: its address, what it holds, the names of what can be typed and of what can be attached."""

    action: str
    values: Values = field(default_factory=list)
    typable: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)  # what is not chosen yet, by name
    files: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[str]:
        return [value for known, value in self.values if known == name]


def forms_of(text: str, here: str) -> list[PageForm]:
    """The forms of a page that are sent, in their order."""
    tree = parser.document_fromstring(text)
    return [_form(form, here) for form in tree.iter("form") if (form.get("method") or "").lower() == "post"]


def _form(drawn: parser.HtmlElement, here: str) -> PageForm:
    found = PageForm((drawn.get("action") or here).partition("#")[0])
    sent_by_name = (item for item in drawn.iter("input", "textarea", "select") if item.get("name"))
    for item in sent_by_name:
        name, kind = item.get("name") or "", item.get("type") or "text"
        if item.tag == "textarea":
            found.values.append((name, (item.text or "").removeprefix("\n")))
            found.typable.append(name)
        elif item.tag == "select":
            chosen = [option for option in item.iter("option") if option.get("selected") is not None]
            options = list(item.iter("option"))
            found.values += [(name, option.get("value") or "") for option in chosen or options[:1]]
            found.choices[name] = (options[-1].get("value") or "") if options else ""
        elif kind in ("checkbox", "radio"):
            if item.get("checked") is not None:
                found.values.append((name, item.get("value") or "on"))
            elif name != "kept_file":
                found.choices[name] = item.get("value") or "on"
        elif kind == "file":
            found.files.append(name)
        elif kind == "password":
            found.secrets.append(name)
        elif item.get("readonly") is None:
            found.values.append((name, item.get("value") or ""))
            found.typable += [name] if kind != "hidden" else []
    return found


def typed_into(form: PageForm, mark: str) -> Values:
    """What is sent when something of its own is typed into each field, and something else is chosen in each list."""
    kept = [(name, value) for name, value in form.values if name not in form.choices]
    typed = [(name, f"{mark} {name} <&\"'> ữ" if name in form.typable else value) for name, value in kept]
    return [*typed, *form.choices.items(), *((name, f"{mark} secret") for name in form.secrets)]


def sent(visitor: Visitor, form: PageForm, values: Values, files: Files = ()) -> tuple[int, str]:  # type: ignore[assignment]
    """(status, where it leads) of a form sent as it was filled in."""
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    answer = visitor.client.post(form.action, data=data, files=list(files) or None, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


def _text_of(form: PageForm, values: Values) -> Values:
    return sorted((name, value) for name, value in values if name in (*form.typable, *form.choices) and value)


def unlabelled(form: PageForm) -> list[str]:
    """The fields that the list of kept forms has no name for."""
    fields = (*form.typable, *form.choices, *form.files)
    return [name for name in fields if name not in NOT_SHOWN and not label_of(name, {}, "vi")]


def gives_back(visitor: Visitor, address: str, place: int, form: PageForm, login: str) -> None:
    """What was typed into a form, sent without a session, is in it again after signing in."""
    values = typed_into(form, "đã gõ")
    visitor.client.cookies.clear()
    status, where = sent(visitor, form, values, [(name, FILE) for name in form.files])
    assert (status, where.startswith("/sign-in?next=")) == (303, True), (address, form.action)
    visitor.sign_in(login)
    text = visitor.get(address).text
    again = [item for item in forms_of(text, address) if not item.action.startswith("/unfinished/")][place]
    assert _text_of(form, again.values) == _text_of(form, values), (address, form.action)
    assert len(again.of("kept_file")) == len(form.files), (address, form.action)
    discard = next(item for item in forms_of(text, address) if item.action.endswith("/discard"))
    assert sent(visitor, discard, discard.values)[0] == 303
    assert "secret" not in text


def all_give_back(visitor: Visitor, address: str, login: str) -> list[str]:
    """Types into each form that is sent to an address or under it; returns where they are sent."""
    drawn = list(enumerate(forms_of(visitor.get(address).text, address)))
    own = [(place, form) for place, form in drawn if form.action.startswith(address) and (form.typable or form.files)]
    for place, form in own:
        assert unlabelled(form) == [], form.action
        gives_back(visitor, address, place, form, login)
    return [form.action for _, form in own]
