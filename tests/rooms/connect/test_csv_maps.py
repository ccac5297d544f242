"""A map says what columns hold; what it says wrongly is answered with its line and the nearest right word."""

import re
from pathlib import Path

import pytest

from orchard.connect.csv import as_yaml, read, read_map, suggest
from orchard.connect.csv.mapping.grammar import ACCOUNT_FIELDS, CAMPAIGN_FIELDS, CONTACT_FIELDS, KEYS, MANY
from orchard.connect.csv.recognise import known_map
from orchard.connect.csv.types import MapError, Reject

MAPS = [Path("tests/maps/example.yaml"), *sorted(Path("docs/guides/first-hour/maps").glob("*.yaml"))]
KNOWN = sorted(Path("orchard/connect").glob("*/**/*.yaml"))


def problems(text):
    with pytest.raises(MapError) as caught:
        read_map(text)
    return [str(problem) for problem in caught.value.problems]


def table(folder, text):
    path = folder / "table.csv"
    path.write_text(text)
    return path


def only(reading):
    (row,) = reading.rows()
    return row


@pytest.mark.parametrize("path", [*MAPS, *KNOWN], ids=lambda path: path.stem)
def test_a_map_written_out_and_read_again_is_the_same_map(path):
    once = read_map(path)
    assert read_map(as_yaml(once)) == once.model_copy(update={"lines": read_map(as_yaml(once)).lines})


def test_the_example_of_the_guide_reads_a_row(tmp_path):
    header = "mql_id,Email Address,Company,declared_monthly_revenue,first_contact_date,origin,landing_page_id,won_date"
    path = table(
        tmp_path, f"{header},value\nm1,ada@example.com,Select,5000.0,2018-02-01,social,p7,2018-02-03,12.5\n"
    )
    row = only(read(path, read_map(Path("tests/maps/example.yaml"))))
    assert row.external_ids == [("olist", "m1")]
    assert (row.account, row.custom) == ({}, {"revenue": 5000})
    assert [(fact.kind, fact.campaign, fact.content) for fact in row.facts] == [
        ("form.submitted", "social", "p7"),
        ("opportunity.won", None, None),
    ]
    assert (row.facts[1].amount, row.facts[1].currency) == (1250, "BRL")


def test_every_error_of_a_map_comes_with_its_line_and_the_nearest_word():
    assert problems(
        "contact:\n"
        "  emial: Mail\n"
        "interactions:\n"
        "  - {kind: form.submited, at: When}\n"
        "  - {kind: lead.waiting, att: When}\n"
        "tmie_zone: UTC\n"
    ) == [
        "Line 2: contact.emial: a contact has no field 'emial'. Did you mean 'email'?",
        "Line 4: interactions.kind: there is no kind 'form.submited'. Did you mean 'form.submitted'?",
        "Line 5: 'at' is missing.",
        "Line 5: 'att' is no part of a map here. Did you mean 'at'?",
        "Line 5: interactions.kind: lead.waiting follows from what happens in Orchard and is not imported.",
        "Line 6: 'tmie_zone' is no part of a map here. Did you mean 'time_zone'?",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("contact: {email: [a, {}]}", "say exactly one of column, value, join and first_of"),
        ("contact: {email: A}\ncontact: {email: B}", "Line 2: 'contact' stands twice"),
        ("contact: {email: A", "Line 1: The part that { opens here"),
        ("contact: &a {email: A}\ncampaign: *a", "no YAML aliases"),
        ("- 1", "A map begins with keys"),
        ("", "A map begins with keys"),
        ("[" * 5000, "Line 1: .*nested too deeply"),
        ("contact:\n  email: A\n  external_id: Id", "Line 3: .*needs a `source`"),
        ("contact: {full_name: [A, B]}", "holds one value"),
        ("contact: {email: A}\ntime_zone: Mars", "no time zone 'Mars'"),
        (
            "contact: {email: A}\ninteractions: [{kind: opportunity.won, at: B, amount: C}]",
            "an amount needs a currency",
        ),
    ],
)
def test_a_broken_map_is_answered_in_words(text, sentence):
    with pytest.raises(MapError, match=sentence):
        read_map(text)


def test_a_column_that_the_file_lacks_is_named_with_its_line_and_the_nearest_one(tmp_path):
    path = table(tmp_path, "E-Mail,Name\na@b.co,Ada\n")
    with pytest.raises(MapError, match=r"Line 2: The file has no column 'EMail'\. Did you mean 'E-Mail'\?"):
        read(path, read_map("contact:\n  email: EMail\n"))


def test_a_column_is_found_in_other_letter_case_where_only_one_fits(tmp_path):
    assert only(read(table(tmp_path, "EMAIL,x\na@b.co,\n"), read_map("contact: {email: Email}"))).emails
    with pytest.raises(MapError):
        read(table(tmp_path, "EMAIL,email\na@b.co,\n"), read_map("contact: {email: Email}"))


def test_words_of_yaml_stay_words(tmp_path):
    import_map = read_map(
        "contact: {email: Mail, country: Land}\n"
        "interactions: [{kind: webinar.attended, at: {value: 2024-01-01}, only_if: {column: Came, is: Yes}}]\n"
    )
    row = only(read(table(tmp_path, "Mail,Land,Came\na@b.co,NO,yes\n"), import_map))
    assert row.contact["country"] == "NO"
    assert [fact.kind for fact in row.facts] == ["webinar.attended"]


def test_values_come_from_several_columns_a_json_cell_or_the_map_itself(tmp_path):
    import_map = read_map(
        """
contact:
  full_name: {join: [First, Last]}
  email: {first_of: [Work, Home]}
  city: {column: Address, json: home.city}
  language: {value: de}
  seniority: {column: Level, recode: {Chef: c_level}}
  account.name: {column: Firms, up_to: ";"}
  custom.active: {column: Active, type: boolean, empty: "no"}
  custom.tier: {column: Tier, type: choice, choices: [Gold, Silver]}
"""
    )
    path = table(
        tmp_path,
        "First,Last,Work,Home,Address,Level,Firms,Active,Tier\n"
        'Ada,Byron,,ada@home.co,"{""home"": {""city"": ""Wien""}}",chef,Pumps; Valves,,GOLD\n',
    )
    row = only(read(path, import_map))
    assert row.contact == {
        "full_name": "Ada Byron",
        "city": "Wien",
        "language": "de",
        "seniority": "c_level",
    }
    assert row.account == {"name": "Pumps"}
    assert row.custom == {"active": False, "tier": "Gold"}
    assert row.emails[0].normal == "ada@home.co"


def test_everything_wrong_with_a_row_is_said_at_once_with_its_columns(tmp_path):
    import_map = read_map(
        "contact: {email: Mail, linkedin: Page, custom.size: {column: Size, type: number}}\n"
        "interactions: [{kind: form.submitted, at: When}]\n"
    )
    reject = only(read(table(tmp_path, "Mail,Page,Size,When\nbob@,??,many,soon\n"), import_map))
    assert isinstance(reject, Reject)
    assert reject.reason == (
        "Page: '??' is no LinkedIn profile. Size: 'many' is no number. Mail: 'bob@' is no e-mail address. "
        "When: 'soon' is no date that can be read."
    )


def test_a_row_that_names_nobody_is_refused_and_one_without_a_date_asks_for_only_if(tmp_path):
    import_map = read_map(
        "contact: {email: Mail, title: Job}\ninteractions: [{kind: form.submitted, at: When}]\n"
    )
    nobody, dateless = read(
        table(tmp_path, "Mail,Job,When\n,Buyer,2024-01-01\na@b.co,Buyer,\n"), import_map
    ).rows()
    assert nobody.reason.startswith("This row names nobody")
    assert dateless.reason == "When: no date for form.submitted; `only_if` leaves such rows out."


def test_details_of_a_nameless_company_are_left_out_and_counted(tmp_path):
    import_map = read_map("contact: {email: Mail, account.name: Firm, account.industry: Trade}")
    reading = read(table(tmp_path, "Mail,Firm,Trade\na@b.co,,Retail\n"), import_map)
    assert only(reading).account == {}
    assert sum(reading.remarks.values()) == 1


def test_a_consent_says_its_purpose_state_and_time(tmp_path):
    import_map = read_map(
        "contact: {email: Mail}\n"
        "consent:\n"
        "  - {purpose: newsletter, at: Since, wording: I want news, only_if: Wants}\n"
        "  - {purpose: phone, state: withdrawn, only_if: {column: Wants, empty: true}}\n"
    )
    yes, no = read(table(tmp_path, "Mail,Wants,Since\na@b.co,yes,2024-01-02\nc@d.co,,\n"), import_map).rows()
    assert [(found.purpose, found.granted, found.at.day) for found in yes.consents] == [
        ("newsletter", True, 2)
    ]
    assert [(found.purpose, found.granted, found.at) for found in no.consents] == [("phone", False, None)]


def test_rows_go_on_after_a_given_number_with_the_order_found_in_the_whole_file(tmp_path):
    import_map = read_map("contact: {email: Mail}\ninteractions: [{kind: form.submitted, at: When}]\n")
    path = table(tmp_path, "Mail,When\na@b.co,13/02/2024\nc@d.co,03/04/2024\n")
    reading = read(path, import_map)
    (row,) = map(reading.read, reading.records(after=2))
    assert (row.number, row.facts[0].at.month) == (3, 4)


def test_a_map_is_suggested_by_what_columns_are_called():
    suggested = suggest(["E-Mail", "Vorname", "Firma", "Mobile", "Tel.", "Lieblingsfarbe"])
    assert as_yaml(suggested) == (
        "contact:\n  email: E-Mail\n  first_name: Vorname\n  account.name: Firma\n  phone:\n  - Mobile\n  - Tel.\n"
    )
    assert suggest(["Lieblingsfarbe"]) is None


def test_a_map_that_comes_with_orchard_says_its_name():
    assert known_map("linkedin/connections").name == "LinkedIn connections"


GUIDE = Path("docs/guides/import.md").read_text()


def test_the_guide_shows_the_example_that_is_tested():
    example = Path("tests/maps/example.yaml").read_text().partition("\n")[2]
    assert f"```yaml\n{example}```" in GUIDE


@pytest.mark.parametrize("key", [*KEYS, *CONTACT_FIELDS, *CAMPAIGN_FIELDS, *MANY])
def test_the_guide_names_every_key_of_the_grammar(key):
    assert re.search(rf"(?<!\w){re.escape(key.removeprefix('account.'))}(?!\w)", GUIDE)


def test_the_guide_names_every_field_of_a_company():
    assert [field for field in ACCOUNT_FIELDS if f".{field}" not in GUIDE] == []
