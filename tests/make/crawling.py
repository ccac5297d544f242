"""Every address that there is, and every page that links lead to."""

import re
from collections import Counter
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def crawl(client, start, *, alike=2, but="$^"):
    """Open every page that links lead to, parts of pages too; of addresses that differ in numbers alone a few.

    What `but` is found in is left out.
    """
    waiting, opened, shapes = list(start), {}, Counter()
    while waiting:
        where = waiting.pop(0)
        path, _, query = where.partition("?")
        shape = re.sub(r"\d+", "0", path), *sorted(each.partition("=")[0] for each in query.split("&"))
        if where in opened or shapes[shape] >= alike or re.search(but, where):
            continue
        shapes[shape] += 1
        answer = client.get(where)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened[where] = text = body.decode("utf-8", "replace")
        if answer.status_code in (301, 302):
            waiting.append(answer["Location"])
        elif "text/html" in answer.get("Content-Type", ""):
            for href in re.findall(r'(?:href|hx-get|src)="(/[^"#]*|\?[^"#]*)"', text):
                link = href.replace("&amp;", "&")
                link = path + link if link.startswith("?") else link
                if not link.startswith(("/static/", "/ui/", "/logout")):
                    waiting.append(link)
    return opened


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """Walk the resolver: the name of each address with the arguments it takes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", set(pattern.pattern.regex.groupindex)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            for name, arguments in addresses(pattern, inner):
                yield name, arguments | set(pattern.pattern.regex.groupindex)
