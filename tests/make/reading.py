"""What somebody reads on a page: its words without the markup, in one line."""

import re
from html import unescape


def text_of(answer):
    """Return the words of the main part of an answer's page (of all of it where it is a fragment)."""
    page = answer.content.decode()
    page = page.partition("<main")[2].partition("</main>")[0] or page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).replace(" .", ".").replace(" ,", ",")


def toasts_of(answer):
    """Return what the corner of a page says."""
    page = answer.content.decode().partition('id="toasts"')[2].partition("<template")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
