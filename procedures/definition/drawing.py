"""Diagrams of a procedure: Mermaid text, or an SVG with one column per stage."""

from collections.abc import Iterator
from html import escape

from procedures.schema import FromField, Procedure, Verb

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN, HEAD = 190, 46, 70, 26, 20, 36
Edge = tuple[str, str, str]


def edges(procedure: Procedure, lang: str = "vi") -> list[Edge]:
    """Return (from, to, label) for every transition; transitions possible from all open states are left out."""
    found: dict[tuple[str, str], list[str]] = {}
    for verb in procedure.verbs.values():
        if verb.at_any_step:
            continue
        for target in _targets(verb):
            for source in verb.from_:
                if source != target:
                    found.setdefault((source, target), []).append(verb.label[lang])
    return [(source, target, " / ".join(labels)) for (source, target), labels in found.items()]


def mermaid(procedure: Procedure, lang: str = "vi") -> str:
    """Return a Mermaid state diagram with one composite state per stage."""
    lines = ["stateDiagram-v2"]
    for stage in procedure.stages:
        lines.append(f'  state "{procedure.stages[stage].label[lang]}" as stage_{stage} {{')
        for key, state in procedure.states.items():
            if state.stage == stage:
                lines.append(f'    state "{key} {state.label[lang]}" as {key}')
        lines.append("  }")
    lines.append(f"  [*] --> {procedure.start}")
    lines += [f"  {source} --> {target}: {label.replace(':', ' ')}" for source, target, label in edges(procedure, lang)]
    lines += [f"  {key} --> [*]" for key, state in procedure.states.items() if state.final]
    return "\n".join(lines) + "\n"


def svg(procedure: Procedure, lang: str = "vi") -> str:
    """Return a self-contained SVG; the label of a transition is its tooltip."""
    places = _places(procedure)
    width = MARGIN * 2 + len(procedure.stages) * (WIDTH + GAP_X)
    height = MARGIN * 2 + HEAD + max(y for _, y in places.values()) + HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12">',
        f"<title>{escape(procedure.title[lang])}</title>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b6b7b"/></marker></defs>',
        *_heads(procedure, lang),
        *(_arrow(places[source], places[target], label) for source, target, label in edges(procedure, lang)),
        *_boxes(procedure, places, lang),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _targets(verb: Verb) -> set[str]:
    if isinstance(verb.to, FromField):
        return set(verb.to.map.values())
    return {verb.to} if verb.to else set()


def _places(procedure: Procedure) -> dict[str, tuple[int, int]]:
    """Upper left corners of the states: one column per stage, in the order of the file."""
    rows = dict.fromkeys(procedure.stages, 0)
    places = {}
    for key, state in procedure.states.items():
        column = list(procedure.stages).index(state.stage)
        places[key] = (column * (WIDTH + GAP_X), rows[state.stage] * (HEIGHT + GAP_Y))
        rows[state.stage] += 1
    return {key: (x + MARGIN, y + MARGIN + HEAD) for key, (x, y) in places.items()}


def _heads(procedure: Procedure, lang: str) -> Iterator[str]:
    for column, stage in enumerate(procedure.stages):
        x = MARGIN + column * (WIDTH + GAP_X) + WIDTH // 2
        label = escape(procedure.stages[stage].label[lang])
        yield f'<text x="{x}" y="{MARGIN + 14}" text-anchor="middle" font-weight="bold" font-size="14">{label}</text>'


def _boxes(procedure: Procedure, places: dict[str, tuple[int, int]], lang: str) -> Iterator[str]:
    for key, (x, y) in places.items():
        state = procedure.states[key]
        fill = "#e7f3ea" if state.final else "#fff7e0" if state.start else "#eef3f8"
        yield f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="{fill}" stroke="#5b6b7b"/>'
        yield f'<text x="{x + 8}" y="{y + 18}" font-weight="bold">{escape(key)}</text>'
        yield f'<text x="{x + 8}" y="{y + 36}">{escape(_short(state.label[lang]))}</text>'


def _short(text: str, most: int = 30) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _arrow(start: tuple[int, int], end: tuple[int, int], label: str) -> str:
    (x1, y1), (x2, y2) = start, end
    middle1, middle2 = y1 + HEIGHT // 2, y2 + HEIGHT // 2
    if x1 < x2:
        path = f"M{x1 + WIDTH} {middle1} C{x1 + WIDTH + 40} {middle1} {x2 - 40} {middle2} {x2} {middle2}"
    elif x1 > x2:
        path = f"M{x1} {middle1} C{x1 - 50} {middle1 + 20} {x2 + WIDTH + 50} {middle2 + 20} {x2 + WIDTH} {middle2}"
    else:
        side = x1 + WIDTH if y2 > y1 else x1
        bend = side + (34 if y2 > y1 else -16)
        path = f"M{side} {middle1} C{bend} {middle1} {bend} {middle2} {side} {middle2}"
    return (
        f'<path d="{path}" fill="none" stroke="#5b6b7b" opacity=".65" marker-end="url(#arrow)">'
        f"<title>{escape(label)}</title></path>"
    )
