"""The agreement over Django's client: read, drafted as form and as text, proposed, signed, compared."""

import re
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from orchard.agreement import actions, queries
from orchard.agreement.types import Document
from orchard.campaigns import actions as campaigns
from orchard.kit import clock
from orchard.team.models import Team
from orchard.team.types import Role, Side
from tests.make.agreements import EXAMPLE, SMALL, in_force
from tests.make.leads import drain, ripe
from tests.make.members import member
from tests.make.posting import fields, posted
from tests.make.reading import text_of

pytestmark = pytest.mark.django_db


def signed_in(role=Role.MARKETING, *sides, name="Sam Okafor"):
    client = Client()
    client.force_login(member(role, name=name, signs_for=sides))
    return client


def test_without_an_agreement_the_page_offers_to_begin_from_the_example():
    page = signed_in().get(reverse("agreement:show")).content.decode()
    assert "Nobody has agreed yet what a lead is" in page
    assert reverse("agreement:edit") in page
    assert (
        reverse("agreement:edit") not in signed_in(Role.SALES).get(reverse("agreement:show")).content.decode()
    )


def test_the_story_from_the_example_to_a_version_in_force():
    sam, nora = signed_in(Role.MARKETING, Side.MARKETING), signed_in(Role.SALES, Side.SALES, name="Nora Lind")
    page = sam.get(reverse("agreement:edit")).content.decode()
    answer = sam.post(reverse("agreement:edit"), posted(page, act="save"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("agreement:edit"))
    example = queries.check_text(queries.template_text())
    assert queries.draft().document == example
    asked = sam.post(reverse("agreement:propose"), {"revision": "1"}).content.decode()
    assert "No program answers these reasons" in asked
    assert queries.proposed() is None
    sam.post(reverse("agreement:propose"), posted(asked))
    sign = {"text_hash": queries.proposed().text_hash}
    sam.post(reverse("agreement:sign", args=[1]), {**sign, "side": "marketing"})
    page = nora.get(reverse("agreement:show")).content.decode()
    assert "waits for Nora Lind" in page
    assert "Sign for Sales" in page
    nora.post(reverse("agreement:sign", args=[1]), {**sign, "side": "sales"})
    assert queries.in_force().document == example
    assert "signed by both sides" in nora.get(reverse("agreement:show")).content.decode()


def test_the_contract_shows_what_a_proposal_changes():
    in_force()
    actions.propose_text(text=SMALL.replace("at_least: 40", "at_least: 30"), member_id=None, now=clock.now())
    page = signed_in(Role.SALES).get(reverse("agreement:show")).content.decode()
    assert '<del class="was">40</del><ins class="now">30 points</ins>' in page
    page = re.sub(r"\s+", " ", page)
    assert "differs from version 1 in one point" in page
    assert "Version 2 waits for signatures. Until then version 1 counts, in force since" in page
    page = signed_in().get(reverse("agreement:diff", args=[2])).content.decode()
    assert "<del>It has at least 40 points</del>" in page
    assert "<ins>It has at least 30 points</ins>" in page


def test_the_contract_calls_nothing_by_its_code():
    in_force()
    Team.objects.create(name="North America", code="north_america", created_at=clock.now())
    lars = member(Role.SALES, name="Lars Berg")
    campaigns.create_campaign(name="The fair of 2026", code="fair-26", actor_id=None, now=clock.now())
    where = "where: {all: [{field: content.type, is: case_study}, {field: campaign, is: fair-26}]}"
    text = (
        EXAMPLE.replace("where: {field: content.type, is: case_study}", where)
        .replace("to: who_met_them", f"to: {{member: {lars.email}}}")
        .replace("returns:", "stages: {qualified: MQL}\nreturns:")
    )
    actions.propose_text(text=text, member_id=None, now=clock.now())
    page = text_of(signed_in().get(reverse("agreement:version", args=[2])))
    assert "company's industry is Packaging, Printing or Retail" in page
    assert "type of content is Case study and campaign is The fair of 2026" in page
    assert "company's country is Canada or United States: the team North America, by turn" in page
    assert "within the last 30 days: Lars Berg." in page
    assert "The stage “qualified” is called MQL" in page
    assert not re.findall(
        r"[a-z]_[a-z]|fair-26|@", page.partition("What counts")[2].partition("for Sales")[0]
    )


def test_a_long_list_of_values_is_cut_neither_in_the_contract_nor_in_the_form():
    titles = [f"Head of the {place}. department" for place in range(1, 13)]
    text = EXAMPLE.replace(
        "{field: contact.seniority, in: [director, vp, c_level]}",
        f"{{field: contact.title, in: [{', '.join(titles)}]}}",
    )
    in_force(text)
    page = signed_in().get(reverse("agreement:show")).content.decode()
    assert f'<span class="term term-long">{", ".join(titles[:-1])} or {titles[-1]}</span>' in page
    form = signed_in().get(reverse("agreement:edit")).content.decode()
    ((rows, values),) = re.findall(
        r'<textarea[^>]*name="fit\.1\.when\.value"[^>]*rows="(\d+)"[^>]*>([^<]*)</textarea>', form
    )
    assert values == ", ".join(titles)
    assert int(rows) * 40 >= len(values)


def test_whoever_has_no_right_is_offered_no_signature_and_cannot_sign():
    actions.propose_text(text=SMALL, member_id=None, now=clock.now())
    admin = signed_in(Role.ADMIN)
    assert "Sign for" not in admin.get(reverse("agreement:show")).content.decode()
    sign = {"side": "sales", "text_hash": queries.proposed().text_hash}
    assert admin.post(reverse("agreement:sign", args=[1]), sign).status_code == 403
    other_side = signed_in(Role.MARKETING, Side.MARKETING)
    assert other_side.post(reverse("agreement:sign", args=[1]), sign).status_code == 403


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed():
    client = signed_in()
    page = client.get(reverse("agreement:edit")).content.decode()
    typed = posted(page, engagement__0__name="Came to our booth", engagement__0__points="x")
    page = client.post(reverse("agreement:edit"), {**typed, "act": "engagement!add"}).content.decode()
    found = dict(fields(page))
    assert found["engagement.0.name"] == "Came to our booth"
    assert found["engagement.0.points"] == "x"
    assert "Must be a number." in page
    assert found["engagement.6.name"] == ""
    page = client.post(
        reverse("agreement:edit"), {**posted(page), "act": "engagement.0!down"}
    ).content.decode()
    assert dict(fields(page))["engagement.1.name"] == "Came to our booth"
    page = client.post(
        reverse("agreement:edit"), {**posted(page), "act": "engagement.1!remove"}
    ).content.decode()
    names = [value for name, value in fields(page) if re.fullmatch(r"engagement\.\d+\.name", name)]
    assert len(names) == 6
    assert "Came to our booth" not in names
    assert queries.draft() is None


def test_a_wrong_text_is_kept_with_each_mistake_and_its_line():
    client = signed_in()
    text = SMALL.replace("show.visited", "show.vsited")
    client.post(reverse("agreement:text"), {"text": text, "revision": ""})
    assert queries.draft().text == text
    page = client.get(reverse("agreement:text")).content.decode()
    assert "line 4" in page
    assert "Did you mean `show.visited`?" in page
    client.post(reverse("agreement:propose"), {"revision": "1"})
    assert queries.proposed() is None


def test_a_draft_that_somebody_else_saved_is_not_overwritten_and_the_typed_text_stays():
    one, two = signed_in(), signed_in(name="Mia Berg")
    one.post(reverse("agreement:text"), {"text": SMALL, "revision": ""})
    one.post(reverse("agreement:text"), {"text": SMALL + "# one\n", "revision": "1"})
    answer = two.post(reverse("agreement:text"), {"text": SMALL + "# two\n", "revision": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has saved the draft meanwhile" in page
    assert "# two" in page
    assert queries.draft().text.endswith("# one\n")
    two.post(reverse("agreement:text"), posted(page))
    assert queries.draft().text.endswith("# two\n")


def test_what_is_typed_is_read_at_once_without_being_saved():
    client = signed_in()
    page = client.post(reverse("agreement:reading"), {"text": SMALL}).content.decode()
    assert "A contact is not a lead" in page
    page = text_of(client.post(reverse("agreement:reading"), {"text": "name: [<script>"}))
    assert "line 1, column 7 The list that [ opens here lacks a comma" in page
    assert queries.draft() is None


def test_user_text_is_shown_and_never_run():
    text = SMALL.replace("name: Small", 'name: "<script>{{ 1|add:1 }}</script>"')
    version_page = in_force(text)
    page = signed_in().get(reverse("agreement:version", args=[version_page.number])).content.decode()
    assert "&lt;script&gt;{{ 1|add:1 }}&lt;/script&gt;" in page
    assert "<script>{{" not in page


def test_every_version_stays_in_the_history_and_an_unknown_one_is_refused_in_words():
    in_force()
    client = signed_in(Role.SALES)
    assert "Version 1" in client.get(reverse("agreement:history")).content.decode()
    answer = client.get(reverse("agreement:version", args=[99]))
    assert answer.status_code == 404
    assert "There is no such version of the agreement." in answer.content.decode()


def test_the_number_of_the_signed_text_lies_out_of_the_way_and_checks_the_saved_text():
    in_force()
    shown, client = queries.in_force(), signed_in(Role.SALES)
    page = client.get(reverse("agreement:show")).content.decode()
    assert page.count(shown.text_hash) == 1
    around = page.partition("Check the signed text")[2].partition("</details>")[0]
    assert shown.text_hash in around
    assert "The text above has this number." in around
    file = client.get(reverse("agreement:signed_text", args=[1]))
    assert sha256(file.content).hexdigest() == shown.text_hash
    assert file["Content-Disposition"] == 'attachment; filename="agreement-1.yaml"'


def test_a_reason_needs_no_short_name_and_teams_and_members_are_chosen_by_name():
    Team.objects.create(name="North America", code="north_america", created_at=clock.now())
    lars = member(Role.SALES, name="Lars Berg")
    client = signed_in()
    page = client.get(reverse("agreement:edit")).content.decode()
    page = client.post(reverse("agreement:edit"), posted(page, act="returns!add")).content.decode()
    last = max(int(place) for place in re.findall(r'name="returns\.(\d+)\.row"', page))
    typed = {f"returns.{last}.label": "Kein Budget für 2027"}
    page = client.post(
        reverse("agreement:edit"), {**posted(page, act="routing!add"), **typed}
    ).content.decode()
    for to in ("member", "team"):
        page = client.post(
            reverse("agreement:edit"), {**posted(page, act="reshape"), "routing.0.to": to}
        ).content.decode()
        option = {"member": (lars.email, "Lars Berg"), "team": ("north_america", "North America")}[to]
        assert '<option value="{}">{}</option>'.format(*option) in page
    chosen = {"routing.0.team": "north_america", "routing.0.when.value": "DE"}
    client.post(reverse("agreement:edit"), {**posted(page, act="save"), **chosen})
    draft = queries.draft()
    assert "reason: kein_budget_fur_2027" in draft.text
    assert "team: north_america" in draft.text


def test_the_signing_page_counts_who_is_ripe_on_the_first_day():
    actions.propose_text(text=SMALL, member_id=None, now=clock.now())
    page = signed_in(Role.SALES).get(reverse("agreement:ripe", args=[1])).content.decode()
    assert "On the first day <strong>0 contacts</strong> meet this version." in page


def test_the_form_gives_back_every_part_of_a_document_unchanged():
    client = signed_in()
    client.post(reverse("agreement:text"), {"text": EXAMPLE + "stages: {qualified: Ripe}\n", "revision": ""})
    before = queries.draft().document
    assert isinstance(before, Document)
    page = client.get(reverse("agreement:edit")).content.decode()
    client.post(reverse("agreement:edit"), posted(page, act="save"))
    assert queries.draft().document == before
    assert queries.draft().revision == 2


def test_while_one_writes_it_is_counted_who_would_be_a_lead(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    in_force(now=clock.now())
    ripe("Ann")
    ripe("Bob", days_ago=10)
    drain()
    client, where = signed_in(), reverse("agreement:would")
    counted = text_of(client.post(where, {"text": SMALL}))
    assert "1 contact would qualify now. That is as many as by version 1." in counted
    assert "1 meets version 1" in counted
    wider = text_of(client.post(where, {"text": SMALL.replace("within_days: 7", "within_days: 30")}))
    assert "2 contacts would qualify now. That is 1 more than by version 1." in wider
    none = SMALL.replace("within_days: 7", "within_days: 7, at_least: 9")
    assert "That is 1 fewer than by version 1." in text_of(client.post(where, {"text": none}))
    assert client.get(reverse("agreement:ripe", args=[1])).status_code == 200
    page = client.get(reverse("agreement:edit")).content.decode()
    assert "as many as by version 1" in text_of(client.post(where, posted(page)))


def test_what_cannot_be_read_shows_no_number():
    client, typed = signed_in(), {"text": SMALL.replace("at_least: 40", "at_least: forty")}
    page = client.post(reverse("agreement:reading"), typed).content.decode()
    assert reverse("agreement:would") not in page
    assert client.post(reverse("agreement:would"), typed).status_code == 204
    assert (
        reverse("agreement:would")
        in client.post(reverse("agreement:reading"), {"text": SMALL}).content.decode()
    )


def test_only_who_may_write_counts(settings, tmp_path):
    settings.ORCHARD_HOME = tmp_path
    where = reverse("agreement:would")
    assert signed_in(Role.SALES).post(where, {"text": SMALL}).status_code == 403
    assert signed_in(Role.SALES, Side.SALES).post(where, {"text": SMALL}).status_code == 200


LEAST = "handoff__when__0__0__at_least"
"""“at least” of the first condition of the first way in which the example makes a lead, as the form posts it."""

GOAL = {f"goals__0__{name}": value for name, value in (("row", "1"), ("measure", "won"), ("target", "40"))}


def drafted(**typed):
    """Return the page of the draft after the form of the example was saved with `typed`."""
    client = signed_in()
    page = client.get(reverse("agreement:edit")).content.decode()
    return client.post(
        reverse("agreement:edit"), posted(page, act="save", **typed), follow=True
    ).content.decode()


def wrong_fields(page):
    return re.findall(r'id="([^"]+)"[^>]*aria-invalid="true"', page)


def test_the_form_tells_a_mistake_by_the_words_that_one_reads_and_leads_to_its_field():
    client, where = signed_in(), reverse("agreement:reading")
    page = client.get(reverse("agreement:edit")).content.decode()
    told = client.post(where, posted(page, **{LEAST: "abc"})).content.decode()
    link = re.search(r'<a class="link" href="#([^"]+)"[^>]*>([^<]+)</a>', told)
    assert link.group(1) == "c-handoff-when-0-0-least"
    assert link.group(2) == "When a contact becomes a lead, way 1, condition 1, at least"
    assert "Must be a whole number." in told
    assert "<code>" not in told
    assert "are shown again once nothing is wrong" in told


CODES = EXAMPLE.replace(
    "{field: contact.seniority, in: [director, vp, c_level]}",
    "{field: contact.country, in: [DE, AT, Kurland]}",
).replace(
    "{name: Read our content, kinds: [content.downloaded],",
    "{name: Read our content, kinds: [content.downloaded], where: {field: content.type, is: case_study},",
)


def with_goal(quarter, target):
    return CODES.replace("2027-Q1", quarter).replace("1200000 CAD", target)


def test_nothing_is_written_as_a_code_and_what_is_stored_stays_to_the_letter():
    before = in_force(with_goal("2019-Q2", "1200000.50 EUR")).document
    client = signed_in()
    page = client.get(reverse("agreement:edit"), headers={"accept-language": "de"}).content.decode()
    for words in ("Deutschland", "Österreich", "1.200.000,50", "EUR · Euro"):
        assert words in page
    assert not {"DE", "case_study", "2019-Q2", "1200000.50 EUR"} & set(re.findall(r">\s*([^<>]+?)\s*<", page))
    client.post(reverse("agreement:edit"), posted(page, act="save"), headers={"accept-language": "de"})
    assert queries.draft().document == before
    assert queries.normal_of(queries.draft().document) == queries.normal_of(before)


def test_what_is_not_in_the_list_stays_chosen_with_a_mark():
    in_force(with_goal("2019-Q2", "500 EUR"))
    page = signed_in().get(reverse("agreement:edit")).content.decode()
    assert '<span class="picked is-strange">Kurland (not in the list)</span>' in page
    assert re.search(r'value="Kurland" checked', page)
    assert re.search(r'<option value="2019-Q2" selected>2nd quarter of 2019</option>', page)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "1,200,000"),
        ("en", "1.200.000"),
        ("de", "1.200.000"),
        ("de", "1 200 000"),
        ("de", "1200000"),
        ("en", "1,200,000 eur"),
    ],
)
def test_an_amount_is_typed_as_one_writes_it_and_stored_in_one_way(language, typed):
    in_force(with_goal("2027-Q1", "5 EUR"))
    client, where = signed_in(), reverse("agreement:edit")
    page = client.get(where).content.decode()
    client.post(
        where, posted(page, act="save", goals__0__target=typed), headers={"accept-language": language}
    )
    assert queries.draft().document.goals[0].target == "1200000 EUR"


def test_an_amount_that_could_be_two_is_asked_about_beside_its_field():
    in_force(with_goal("2027-Q1", "5 EUR"))
    page = drafted(goals__0__target="1.200")
    assert "“1.200” may mean 1,200 or 1.2." in page
    assert wrong_fields(page) == ["f-goals-0-target"]
    page = drafted(goals__0__target="5", goals__0__currency="")
    assert "Choose the currency." in page
    assert wrong_fields(page) == ["f-goals-0-currency"]


@pytest.mark.parametrize("field", [LEAST, "fit__0__points", "marketing__ripe_per_month", "rot__lead_days"])
def test_no_field_guesses_a_number_that_could_be_two(field):
    page = drafted(**{field: "1.200"})
    assert "“1.200” may mean 1,200 or 1.2." in page


def test_a_new_goal_is_for_the_coming_quarter_and_takes_the_currency_of_the_others():
    in_force(with_goal("2027-Q1", "5 EUR"))
    client, where = signed_in(), reverse("agreement:edit")
    page = client.get(where).content.decode()
    page = client.post(where, posted(page, act="goals!add")).content.decode()
    assert not re.search(r'<option value="" selected', page[page.index("f-goals-1-quarter") :])
    page = client.post(where, posted(page, act="", goals__1__measure="won_amount")).content.decode()
    assert re.search(r'<option value="EUR" selected', page[page.index("f-goals-1-currency") :])


def test_the_text_tells_a_mistake_by_its_path_and_its_line():
    told = signed_in().post(
        reverse("agreement:reading"), {"text": SMALL.replace("at_least: 40", "at_least: forty")}
    )
    assert "<code>handoff." in told.content.decode()


def test_after_saving_only_the_wrong_field_is_marked_with_its_mistake_right_below():
    page = drafted(**{LEAST: "abc"})
    assert wrong_fields(page) == ["c-handoff-when-0-0-least"]
    below = page[page.index('id="c-handoff-when-0-0-least-error"') :]
    assert "Must be a whole number." in below[:400]


def test_saving_says_how_many_mistakes_keep_the_draft_from_being_proposed():
    assert "The draft is saved. One mistake keeps it from being proposed." in drafted(**{LEAST: "abc"})
    assert "The draft is saved. 2 mistakes keep it from being proposed." in drafted(
        **{LEAST: "abc", "fit__0__points": "many"}
    )


@pytest.mark.parametrize(
    ("typed", "field", "place", "sentence"),
    [
        ({"fit__0__points": ""}, "f-fit-0-points", "Points", "Must be filled in."),
        (
            {"engagement__0__cap": "1"},
            "f-engagement-0-cap",
            "Together at most",
            "“Together at most” is smaller than the points",
        ),
        (
            {"engagement__0__half_life_days": "0"},
            "f-engagement-0-half_life_days",
            "Halved after",
            "Must be 1 or more.",
        ),
        (
            GOAL | {"goals__0__quarter": "next"},
            "f-goals-0-quarter",
            "Quarter",
            "Choose a quarter.",
        ),
        ({"returns__0__reason": "Not Now"}, "f-returns-0-reason", "Short name", "Takes small letters"),
        (
            {"returns__0__eligible_after_days": ""},
            "f-returns-0-eligible_after_days",
            "rests for",
            "Say after how many",
        ),
        ({"calendar__closes": "late"}, "f-calendar-opens", "Opens", "Write both times"),
        (
            {"marketing__leads_with_phone_share": "700"},
            "f-marketing-leads_with_phone_share",
            "phone",
            "0 and 100 %",
        ),
    ],
)
def test_no_mistake_of_the_form_speaks_the_language_of_its_text(typed, field, place, sentence):
    page = drafted(**typed)
    told = re.search(r'<ol class="mistakes">(.*?)</ol>', page, re.DOTALL).group(1)
    assert f'href="#{field}"' in told
    assert place in told
    assert sentence in told
    assert "`" not in told
    assert wrong_fields(page) == [field]
