"""The face as the server writes it: headers, forms, tags, error pages, navigation, theme."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client, RequestFactory

from orchard.web import permissions
from orchard.web.ui import assets, csp, nav, specimens
from tests.make.members import member

WEB = Path("orchard/web")
TEMPLATES = sorted(WEB.rglob("*.html"))


SHARED = {
    path.relative_to(WEB / "ui/templates").as_posix() for path in (WEB / "ui/templates/ui").rglob("*.html")
}
OTHER_FRAMES = {f"ui/{name}.html" for name in ("plain", "part", "confirm", "ways_out")}
"""Frames of whole pages beside that of the style page, and what stands in them alone."""
UNSEEN = {"lists/renews.html"}
"""What draws nothing, but lets the element around it renew itself."""


def joined(markup: str) -> str:
    """Leave out the whitespace that nobody sees: around tags, and before the end of a tag."""
    return re.sub(r"\s+(?=[<>])|(?<=>)\s+", "", markup)


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


def test_every_answer_carries_the_strict_content_policy():
    answer = Client().get("/healthz")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {name: answer.headers[name] for name in csp.HEADERS} == csp.HEADERS


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_template_needs_what_the_content_policy_forbids(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_the_first_load_stays_light():
    built = assets.assets()
    files = [assets.BUILT.parent / path for path in (*built.styles, *built.scripts)]

    assert sum(file.stat().st_size for file in files) < 200_000


def test_a_checkout_without_built_files_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    assets.assets.cache_clear()

    with pytest.raises(ImproperlyConfigured, match="npm ci && npm run build"):
        rendered("{% ui_assets %}")
    assert "Something broke" in get_template("500.html").render()

    assets.assets.cache_clear()


def test_the_last_error_page_needs_no_request_and_no_context():
    page = get_template("500.html").render()

    assert "Something broke on our side" in page
    assert "/static/built/main" in page


def test_an_unknown_address_gets_a_page_in_the_look():
    answer = Client().get("/nowhere/at/all")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert "/static/built/main" in answer.content.decode()


def test_words_given_to_tags_are_text_and_never_markup():
    hostile = "<b>\"'&"
    page = rendered(
        "{% button w href=w title=w %}{% pill w %}{% empty w w %}{% endempty %}{% term w was=w %}"
        "{% card w w %}{{ w }}{% endcard %}{% moment 'mail' w w %}{{ w }}{% endmoment %}"
        "{% initials w %}{% crumb w w %}",
        w=hostile,
    )

    assert "<b>" not in page
    assert '""' not in page


def test_quotes_in_an_attribute_do_not_end_it():
    page = rendered("""{% button "Go" hx_vals='{"theme": "dark"}' title=title %}""", title='"><b>')

    assert 'hx-vals="{&quot;theme&quot;: &quot;dark&quot;}"' in page
    assert 'title="&quot;&gt;&lt;b&gt;"' in page


def test_an_attribute_without_value_stands_bare_and_false_falls_away():
    source = '{% button "Go" type="button" disabled=True hidden=False hx_get="/x" %}'
    assert joined(rendered(source)) == (
        '<button class="btn btn-plain" type="button" disabled hx-get="/x">Go</button>'
    )


@pytest.mark.parametrize(
    "source", ['{% button "Go" "loud" %}', '{% pill "late" "red" %}', '{% icon "no-such-icon" %}']
)
def test_a_slip_of_the_pen_in_a_page_is_named(source):
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


def test_a_ring_cuts_and_never_rounds():
    assert ">59</text>" in rendered("{% ring 59.99 %}")


class Signup(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Only for <us>.")
    words = forms.CharField(required=False)


def test_an_error_is_named_above_the_form_and_joined_to_its_field():
    page = str(Signup({"email": "ingrid@"}))

    assert 'role="alert"' in page
    assert '<a href="#id_email">E-mail</a>' in page
    assert 'aria-describedby="id_email_helptext id_email_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_email_helptext">Only for &lt;us&gt;.</div>' in page
    assert 'id="id_email_error"' in page


def test_a_field_that_may_stay_empty_says_so():
    page = str(Signup())

    assert page.count(">optional</span>") == 1
    assert 'role="alert"' not in page


def test_navigation_marks_where_one_is_and_hides_what_one_may_not_open(monkeypatch):
    entries = (nav.Entry("Components", "ui:style", "eye"), nav.Entry("Alive", "alive", "activity"))
    monkeypatch.setattr(
        nav, "GROUPS", (nav.Group("", entries), nav.Group("Later", (nav.Entry("x", "no:where", "x"),)))
    )

    (group,) = nav.links("/ui/work", lambda name: name != "alive")

    assert [(link.label, link.current) for link in group.links] == [("Components", True)]


@pytest.mark.parametrize(
    ("role", "bar"),
    [
        ("sales", ["Today", "My leads", "Basket", "Contacts"]),
        ("marketing", ["Orchard", "Basket", "Contacts", "Programs"]),
        ("manager", ["Today", "My leads", "Basket", "Contacts"]),
        ("admin", ["Today", "My leads", "Basket", "Contacts"]),
    ],
)
def test_the_bar_of_a_phone_holds_four_entries_that_its_reader_may_open(role, bar):
    groups = nav.links("/", lambda name: role in permissions.rule_of(name).roles)

    assert [link.label for group in groups for link in group.links if link.in_bar] == bar


@pytest.mark.parametrize(
    "entry", [entry for group in nav.GROUPS for entry in group.entries], ids=lambda it: it.url_name
)
def test_every_entry_of_the_navigation_has_an_icon_that_is_built(entry):
    assert entry.icon in assets.icons()


@pytest.fixture
def choose(db):
    """Log a member in and give the act of choosing a theme."""
    from orchard.kit.clock import now
    from orchard.team.models import Member

    client = Client()
    client.force_login(
        Member.objects.create(
            email="nora@orchard.example", name="Nora Lind", role="sales", scope="own", created_at=now()
        )
    )
    return lambda theme, back="/ui/": client.post("/ui/theme", {"theme": theme, "next": back})


def test_a_chosen_theme_is_kept_on_the_device_and_leads_back(choose):
    answer = choose("dark", "/ui/#rows")

    assert answer.url == "/ui/#rows"
    assert answer.cookies["orchard_theme"].value == "dark"
    assert answer.cookies["orchard_theme"]["httponly"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_chosen_theme_never_leads_to_another_site(choose, back):
    assert choose("dark", back).url == "/"


def test_a_theme_that_does_not_exist_is_refused_in_words(choose):
    answer = choose("pink")

    assert answer.status_code == 400
    assert 'data-sentence="Choose light, dark or system."' in answer.content.decode()


@pytest.mark.parametrize(
    ("cookie", "shown"), [("dark", "dark"), ("light", "light"), ('"><script>', "system")]
)
def test_only_a_known_theme_is_read_from_the_cookie(cookie, shown):
    from orchard.web.ui import theme

    request = HttpRequest()
    request.COOKIES["orchard_theme"] = cookie
    assert theme.chosen(request) == shown


def test_a_toast_offers_the_way_back(rf: RequestFactory):
    from django.contrib.messages.storage.cookie import CookieStorage

    from orchard.web.ui import toasts

    request = rf.get("/")
    request._messages = CookieStorage(request)
    toasts.say(request, "Owen <came back>.", undo="/contacts/5/undo")
    page = get_template("ui/components/toasts.html").render({"messages": request._messages}, request)

    assert "Owen &lt;came back&gt;." in page
    assert '<form method="post" action="/contacts/5/undo">' in page
    assert "csrfmiddlewaretoken" in page


def test_the_style_page_shows_every_family_of_components():
    written = {path.stem for path in (WEB / "ui/templates/ui/style").glob("*.html")} - {"work_step"}

    assert {one.name for one in specimens.ALL} == written


def _colours(theme: str) -> dict[str, str]:
    css = (WEB / "ui/src/css/theme.css").read_text(encoding="utf-8")
    block = css.split(f'name: "{theme}"')[1].split("}")[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))


def _light(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("word", "ground", "least"),
    [
        *[(word, ground, 4.5) for word in ("ink", "muted") for ground in ("paper", "sheet", "sunk")],
        *[(f"{tone}-ink", f"{tone}-soft", 4.5) for tone in ("green", "gold", "ripe", "rot")],
        ("ripe-ink", "sheet", 4.5),
        ("green", "sheet", 4.5),
        ("color-primary-content", "green", 4.5),
        ("color-neutral-content", "color-neutral", 4.5),
        ("edge", "sheet", 3.0),
        ("edge", "paper", 3.0),
        ("green", "paper", 3.0),
    ],
)
def test_tokens_hold_aa(theme, word, ground, least):
    colours = _colours(theme)
    assert _contrast(colours[word], colours[ground]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tones_of_pictures_warn_of_nothing_and_differ_without_their_hue(theme):
    colours = _colours(theme)
    series = [colours[f"series-{number}"] for number in range(8)]

    assert not {colours[name] for name in ("gold", "ripe", "rot")} & set(series)
    assert min(_contrast(tone, colours["sheet"]) for tone in series) >= 3
    for first in (0, 3):
        light, middle, deep = series[first : first + 3]
        assert min(_contrast(light, middle), _contrast(middle, deep)) >= 1.6


def test_a_page_that_asks_first_names_the_act_and_the_way_out(rf: RequestFactory):
    source = (
        '{% extends "ui/confirm.html" %}{% block title %}Erase 12 contacts?{% endblock %}'
        "{% block about %}They go for good.{% endblock %}"
    )
    from django.template import engines

    page = engines["django"].from_string(source)
    shown = page.render({"act": "Erase 12 contacts", "danger": True, "back": "/contacts/"}, rf.get("/erase"))

    assert "<h1>Erase 12 contacts?</h1>" in shown
    assert "<title>Erase 12 contacts? · Orchard</title>" in shown
    assert '<a class="btn btn-quiet" href="/contacts/">Keep as it is</a>' in joined(shown)
    assert "csrfmiddlewaretoken" in shown


def test_paging_and_sorting_keep_the_filters(rf: RequestFactory):
    from orchard.kit.paging import Page

    context = Context(
        {
            "request": rf.get("/contacts/?stage=engaged&cursor=abc&sort=name"),
            "page": Page((), next="n", previous=""),
        }
    )
    page = Template('{% load ui %}{% pager page %}{% column "Name" sort="name" %}').render(context)

    assert 'href="?stage=engaged&amp;sort=name&amp;cursor=n"' in page
    assert "Previous" not in page
    assert '<th scope="col" aria-sort="ascending"><a href="?stage=engaged&amp;sort=-name">' in joined(page)


def test_a_time_is_written_in_the_zone_of_the_reader():
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from orchard.kit import clock

    moment = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    with clock.at(datetime(2026, 11, 20, tzinfo=UTC)), timezone.override(ZoneInfo("Europe/Oslo")):
        page = rendered("{% when at clock=True %}", at=moment)
        older = rendered("{% when at %}", at=moment.replace(year=2024))

    assert 'datetime="2026-11-19T00:30:00+01:00"' in page
    assert ">19 Nov, 00:30</time>" in page
    assert ">19 Nov 2024</time>" in older


def test_figures_are_grouped_and_amounts_carry_their_currency():
    assert rendered('{{ 12655|grouped }} {% amount 1840050 "CAD" %}') == "12,655 18,400.50 CAD"


def test_the_example_of_the_guide_is_a_template():
    guide = Path("docs/guides/pages.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```html\n(.*?)```", guide, re.DOTALL)

    assert Template(example)


@pytest.fixture
def style_page(db):
    client = Client()
    client.force_login(member())
    return client.get("/ui/")


def test_the_style_page_draws_every_template_that_pages_share(style_page):
    drawn = {template.name for template in style_page.templates}
    assert SHARED - OTHER_FRAMES - drawn == set()


@pytest.mark.parametrize(
    ("room", "folder"), [("together", "files"), ("together", "search"), ("lists", "lists"), ("sales", "log")]
)
def test_the_style_page_draws_what_rooms_lend_to_each_other(style_page, room, folder):
    path = WEB / room / "templates"
    written = {each.relative_to(path).as_posix() for each in (path / folder).glob("*.html")}
    drawn = {template.name for template in style_page.templates}

    pages = {name for name in written if "{% extends" in (path / name).read_text(encoding="utf-8")}
    assert written - pages - UNSEEN - drawn == set()


def test_the_style_page_shows_each_state_by_the_templates_that_pages_use(style_page):
    page = style_page.content.decode()
    for said in (
        'class="chips"',
        "Choose one stage or more.",
        "Change this part in the text.",
        'class="picker"',
        "file-card is-over",
        "No file yet: an offer, a drawing, the photo of a card.",
        "file-form is-busy",
        'id="search-people-1"',
        "search-words is-busy",
        "Nothing found for “zzyzx”.",
        "The search does not answer just now.",
        'id="bell-many"',
        "row is-new",
        "When a step is due, a meeting is near or a colleague gives you something to do, it stands here.",
        "sheet-picture",
        'class="uprights"',
        'class="stairs"',
        "There is nothing to count yet",
        "data-orchard=",
        "Nothing grows here yet",
        "The mail server does not answer.",
    ):
        assert said in page
