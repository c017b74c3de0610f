"""What the site needs beyond MkDocs: formulas as MathML, and file names above the files shown.

MkDocs calls these functions by name. Browsers draw MathML themselves, so that a page loads no program for it,
neither from a server nor from the site. Imports latex2mathml.
"""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert

#: What pymdownx.arithmatex makes of $...$ and $$...$$.
FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
NUMBER = re.compile(r"\\tag\{(\d+)\}")
FILE_SHOWN = re.compile(r"^```py (?P<name>[\w.]+)$", re.MULTILINE)


def on_page_markdown(markdown: str, **_others: Any) -> str:
    """Give the files that docs/refresh.py shows their name as a title."""
    return FILE_SHOWN.sub(r'```py title="\g<name>"', markdown)


def on_page_content(html: str, **_others: Any) -> str:
    """Turn the formulas of a page into MathML; an equation's number stands at the right."""
    return FORMULA.sub(_formula, html)


def _formula(match: re.Match[str]) -> str:
    # the page is HTML by now, and latex2mathml wants the letters
    tex = match.group("tex").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if match.group("tag") == "span":
        return convert(tex)
    found = NUMBER.search(tex)
    number = f'<span class="equation-number">({found.group(1)})</span>' if found else ""
    return f'<div class="equation">{convert(NUMBER.sub("", tex), display="block")}{number}</div>'
