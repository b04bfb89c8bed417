"""A message as it leaves the office: its HTML a whole page with styles and full links; of a trial, marked as such."""

import re
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from models.office_kind import is_trial
from models.settings import settings
from notifications.delivery.mailing import Mail
from notifications.message_texts import Text, one_line, page
from templates.trial_mark import TrialMark, mark_of, prefixed

NAVY, SOFT, LINE = "color:#12314f", "color:#56616c", "border-bottom:1px solid #c9d2da"
STYLES = {
    "h2": f"font-size:17px;line-height:1.3;margin:0 0 4px;{NAVY}",
    "h3": f"font-size:16px;line-height:1.35;margin:22px 0 6px;padding-bottom:3px;{LINE};{NAVY}",
    "p": "margin:0 0 10px",
    "ul": "margin:0 0 10px;padding-left:20px",
    "li": "margin:0 0 9px",
    "a": "color:#0b5394",
    "table": "border-collapse:collapse;width:100%;margin:0 0 10px",
    "th": f"text-align:left;padding:4px 8px 4px 0;font-size:13px;{LINE};{SOFT}",
    "td": f"padding:4px 8px 4px 0;vertical-align:top;{LINE}",
    ".num": "text-align:right;white-space:nowrap",
    ".ref": "white-space:nowrap",
    ".soft": f"font-weight:normal;{SOFT}",
    ".past": "color:#a3141c;font-weight:bold",
    ".late": "color:#8a4300;font-weight:bold",
    ".do": f"font-size:16px;line-height:1.4;margin:0 0 12px;font-weight:bold;{NAVY}",
    ".sum": "font-size:17px;font-weight:bold",
    ".go": "display:inline-block;padding:8px 14px;background:#12314f;color:#fff;text-decoration:none;border-radius:3px",
}
_OPENING = re.compile(r'<([a-z][a-z0-9]*)(?: class="([a-z ]+)")?')
_OUR_LINK = re.compile(r'href="/(?!/)')


def mail_of(connection: Connection, message_id: str, text: Text, lang: str, *about: Any) -> Mail:
    """What is sent for a message. `about`: the fields of `Mail` from `calendar` on."""
    trial = is_trial(connection)
    mark = mark_of(trial, lang)
    body = f"{mark}\n\n{text.body}" if mark else text.body
    html = document(text.html, lang, mark) if text.html else ""
    return Mail(message_id, one_line(prefixed(text.subject, trial, lang)), body, html, *about)


def document(fragment: str, lang: str, mark: TrialMark) -> str:
    """A whole HTML page that fetches nothing from elsewhere; `fragment` has what people wrote escaped already."""
    body = _OUR_LINK.sub(f'href="{settings().site()}/', _OPENING.sub(_styled, fragment))
    return page("mail.html", lang, body=Markup(body), mark=mark)  # noqa: S704 - rendered by our own templates


def _styled(found: re.Match[str]) -> str:
    tag, classes = found[1], (found[2] or "").split()
    styles = [STYLES[name] for name in (tag, *(f".{item}" for item in classes)) if name in STYLES]
    return f'<{tag} style="{";".join(styles)}"' if styles else f"<{tag}"
