"""A test client that reads every page it fetches, as a strict proof-reader would.

Each rule is a function that yields a sentence a fault; RULES is the table of contents. A piece that htmx
fetches alone is read by the rules that do not need the whole page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from html5lib.constants import E as PARSE_ERRORS

DIRECTIONS = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
SVG = "{http://www.w3.org/2000/svg}svg"
NOT_READ = {"script", "style", "template", "option", "textarea", "title"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
CLOCK = re.compile(r"(?<![\u2066\u2068])\b\d{1,2}:\d{2}\b")  # those in plain text have isolates of their own
LOOSE_FRENCH = re.compile(r"(?<=[^\W_]) [:;?!»]|« ")
FETCHES = {"script": "src", "link": "href", "img": "src", "source": "src", "iframe": "src", "form": "action"}


class PageClient(FlaskClient):
    """A Flask test client that raises AssertionError when an HTML answer breaks a rule."""

    def open(self, *args, **kwargs):
        # A context of its own, as in service: within that of the test, requests would share `g` and the session.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            whole = "HX-Request" not in response.request.headers
            if found := faults(response.get_data(as_text=True), whole=whole):
                raise AssertionError("\n".join([f"{response.request.method} {response.request.path}:", *found]))
        return response


def faults(html: str, *, whole: bool = True) -> list[str]:
    """Return what is wrong with a page, or with a piece of one where ``whole`` is false."""
    whole = whole or html.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html) if whole else parser.parseFragment(html)
    sentences = [f"line {line}: {PARSE_ERRORS[code] % values}" for (line, _), code, values in parser.errors]
    for rule in (*RULES, *PAGE_RULES) if whole else RULES:
        sentences.extend(rule(root))
    return sentences


# ── what any piece must keep ────────────────────────────────────────────────


def ids_are_unique(root: Element) -> Iterator[str]:
    for id_, times in Counter(node.get("id") for node in elements(root) if node.get("id") is not None).items():
        if times > 1 or not id_:
            yield f"the id {id_!r} stands {times} times"


def references_lead_somewhere(root: Element) -> Iterator[str]:
    known = {node.get("id") for node in elements(root)}
    for node in elements(root):
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            if missing := set((node.get(name) or "").split()) - known:
                yield f"{shown(node)} names {sorted(missing)} in {name}, which does not exist"


def controls_have_labels(root: Element) -> Iterator[str]:
    pointed_at = {label.get("for") for label in elements(root, "label") if words(label)}
    wrapped = {id(inner) for label in elements(root, "label") if words(label) for inner in label.iter()}
    for node in elements(root, "input", "select", "textarea"):
        if node.get("type") in UNLABELLED or node.get("aria-label") or node.get("aria-labelledby"):
            continue
        if id(node) not in wrapped and (node.get("id") is None or node.get("id") not in pointed_at):
            yield f"{shown(node)} has no label"


def links_and_buttons_say_something(root: Element) -> Iterator[str]:
    for node in elements(root, "a", "button"):
        if not (words(node) or node.get("aria-label") or any(image.get("alt") for image in node.iter("img"))):
            yield f"{shown(node)} has no words"
        if node.tag == "a" and node.get("href") in {None, "", "#"}:
            yield f"{shown(node)} leads nowhere"


def groups_have_legends(root: Element) -> Iterator[str]:
    for node in elements(root, "fieldset"):
        if not any(words(legend) for legend in node.iter("legend")):
            yield f"{shown(node)} has no legend"


def images_have_words(root: Element) -> Iterator[str]:
    for node in elements(root, "img"):
        if node.get("alt") is None:
            yield f"{shown(node)} has no alt"
    for node in elements(root, SVG):
        if node.get("aria-hidden") != "true" and not (node.get("role") == "img" and node.get("aria-label")):
            yield "a drawing is neither hidden nor named"


def tables_have_heads(root: Element) -> Iterator[str]:
    for node in elements(root, "table"):
        heads = list(node.iter("th"))
        if not heads and node.get("role") != "presentation":
            yield f"{shown(node)} has no th"
        yield from (f"a head of a table has no words: {shown(head)}" for head in heads if not words(head))


def nothing_is_inline(root: Element) -> Iterator[str]:
    for node in elements(root):
        if node.tag == "style" or (
            node.tag == "script" and not node.get("src") and node.get("type") != "application/json"
        ):
            yield f"{shown(node)} is inline"
        for name, value in node.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith(("javascript:", "data:")):
                yield f"{shown(node)} has the attribute {name}, which the content policy refuses"


def nothing_comes_from_outside(root: Element) -> Iterator[str]:
    for node in elements(root, *FETCHES):
        if re.match(r"(?:https?:)?//", node.get(FETCHES[node.tag]) or ""):
            yield f"{shown(node)} fetches from outside"


RULES = (
    ids_are_unique,
    controls_have_labels,
    links_and_buttons_say_something,
    groups_have_legends,
    images_have_words,
    tables_have_heads,
    nothing_is_inline,
    nothing_comes_from_outside,
)


# ── what a whole page must keep ─────────────────────────────────────────────


def language_and_direction_agree(root: Element) -> Iterator[str]:
    lang, direction = root.get("lang"), root.get("dir")
    if lang not in DIRECTIONS or DIRECTIONS[lang] != direction:
        yield f"html says lang={lang!r} and dir={direction!r}"


def one_title_one_h1(root: Element) -> Iterator[str]:
    if not any(words(title) for title in root.iter("title")):
        yield "the window has no title"
    if (count := len(list(root.iter("h1")))) != 1:
        yield f"the page has {count} h1"
    if (count := len(list(root.iter("main")))) != 1:
        yield f"the page has {count} main"


def headings_do_not_jump(root: Element) -> Iterator[str]:
    before = 0
    for node in root.iter():
        if isinstance(node.tag, str) and re.fullmatch(r"h[1-6]", node.tag):
            level = int(node.tag[1])
            if level > before + 1:
                yield f"h{before or 'ead'} is followed by h{level}: {words(node)!r}"
            before = level


def anchors_exist(root: Element) -> Iterator[str]:
    known = {node.get("id") for node in elements(root)}
    for node in elements(root, "a"):
        href = node.get("href") or ""
        if href.startswith("#") and href[1:] not in known:
            yield f"{shown(node)} leads to no part of this page"


def arabic_times_are_isolated(root: Element) -> Iterator[str]:
    if root.get("lang") == "ar":
        for text in texts(root, {"time", "bdi"}):
            if CLOCK.search(text):
                yield f"a time stands outside <time> and <bdi>: {text.strip()!r}"


def french_points_do_not_wander(root: Element) -> Iterator[str]:
    if root.get("lang") == "fr":
        for text in texts(root, set()):
            if LOOSE_FRENCH.search(text):
                yield f"a no-break space is missing: {text.strip()!r}"


PAGE_RULES = (
    language_and_direction_agree,
    one_title_one_h1,
    headings_do_not_jump,
    references_lead_somewhere,
    anchors_exist,
    arabic_times_are_isolated,
    french_points_do_not_wander,
)


# ── reading ─────────────────────────────────────────────────────────────────


def elements(root: Element, *tags: str) -> Iterator[Element]:
    """Yield the elements of these names, or all; comments are none."""
    return (node for node in root.iter() if isinstance(node.tag, str) and (not tags or node.tag in tags))


def words(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def texts(node: Element, inside: set[str]) -> Iterator[str]:
    """Yield the text a reader sees, except in elements named in ``inside`` and what is in another language."""
    if not isinstance(node.tag, str) or node.tag in NOT_READ | inside:
        return
    yield node.text or ""
    for child in node:
        if child.get("lang") is None:
            yield from texts(child, inside)
        yield child.tail or ""


def shown(node: Element) -> str:
    kept = partial(filter, lambda item: item[0] in {"id", "name", "class", "href", "src", "type", "for"})
    return "<" + " ".join([node.tag, *(f'{name}="{value}"' for name, value in kept(node.items()))]) + ">"
