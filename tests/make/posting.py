"""What a browser would post of a page: the fields of its form, as they stand."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, page, form_id):
        super().__init__()
        self.posted, self._select, self._area, self._in, self._form_id = [], None, None, not form_id, form_id
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form" and self._form_id:
            self._in = at.get("id") == self._form_id
        if not self._in:
            return
        if tag == "input" and at.get("name"):
            ticked = at.get("type") in ("checkbox", "radio")
            if ticked and "checked" not in at:
                return
            self.posted.append((at["name"], at.get("value", "on" if ticked else "")))
        elif tag == "select":
            self._select = [at["name"], None]
        elif tag == "option" and self._select and (self._select[1] is None or "selected" in at):
            self._select[1] = at.get("value", "")
        elif tag == "textarea":
            self._area = [at["name"], ""]

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            self.posted.append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "textarea" and self._area:
            self.posted.append(tuple(self._area))
            self._area = None
        elif tag == "form":
            self._in = False


def fields(page, form_id="agreement-form"):
    """Return name and value of every field that the form would post; of the whole fragment where `form_id` is empty."""
    return _Fields(page, form_id).posted


def posted(page, form_id="agreement-form", **changes):
    """Return what the test client posts to send the form back, with some fields changed (`a__b` for `a.b`)."""
    data = {}
    for name, value in fields(page, form_id):
        data.setdefault(name, []).append(value)
    return {**data, **{name.replace("__", "."): value for name, value in changes.items()}}


def form_of(client, url):
    """Return what the page's own form would post as it stands."""
    return resent(client.get(url))


def resent(answer):
    """Return what the form of an answer would post when it is sent as it stands."""
    main = answer.content.decode().partition("<main")[2]
    data = posted(main.replace('<form method="post" novalidate', '<form id="it"', 1), "it")
    data.pop("csrfmiddlewaretoken", None)
    return data
