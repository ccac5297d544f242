"""When two spellings mean the same mailbox, phone, profile, company or person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchard.contacts import rules


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Anna.Lee@Example.COM ", "anna.lee@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("Anna Lee <anna@example.com>", "anna@example.com"),
        ("anna+shows@example.com", "anna+shows@example.com"),
        ("info@müller.de", "info@xn--mller-kva.de"),
        ("info@xn--mller-kva.de", "info@xn--mller-kva.de"),
        ("jürgen@example.com", "jürgen@example.com"),
    ],
)
def test_an_address_in_any_spelling_is_one_mailbox(written, normal):
    assert rules.normal_email(written) == normal


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Ann\u202eeno", "Anneno"),
        ("\ufeffAnn \u200eOne\u200f", "Ann One"),
        ("A\u2066cm\u2069e\u00ad", "Acme"),
        ("A\u200dnn\u200c", "Ann"),
        ("می\u200cرفت", "می\u200cرفت"),
        ("श्री\u200dमान", "श्री\u200dमान"),
        ("Søren Þór 山田", "Søren Þór 山田"),
    ],
)
def test_a_name_keeps_its_script_and_loses_what_nobody_sees(written, stored):
    assert rules.visible(written) == stored


@given(st.text())
def test_what_is_visible_stays_as_it_is(text):
    assert rules.visible(rules.visible(text)) == rules.visible(text)


@pytest.mark.parametrize(
    "text", ["", "anna", "@", "a@b", "a b@example.com", "a@exa_mple.com", "a..b@example.com"]
)
def test_what_is_no_address_has_no_normal_form(text):
    assert rules.normal_email(text) is None


def test_an_address_longer_than_the_mail_standard_allows_is_refused():
    assert rules.normal_email("a" * 65 + "@example.com") is None
    assert rules.normal_email("a@" + "b." * 130 + "com") is None


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("01 58858-0", "AT", "+431588580"),
        ("0043 1 588580", None, "+431588580"),
        ("(613) 555-0142 ext. 12", "CA", "+16135550142;ext=12"),
        ("+1 613 555 0142", "AT", "+16135550142"),
        ("588580", None, None),
        ("call me", "AT", None),
    ],
)
def test_a_phone_number_is_known_by_what_one_dials_from_abroad(written, country, normal):
    assert rules.normal_phone(written, country) == normal


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("https://www.linkedin.com/in/Anna-Lee-12/", "anna-lee-12"),
        ("at.linkedin.com/in/anna-lee-12?trk=x", "anna-lee-12"),
        ("https://www.linkedin.com/in/j%C3%BCrgen", "jürgen"),
        ("anna-lee-12", "anna-lee-12"),
        ("https://www.linkedin.com/company/acme", None),
        ("see my profile", None),
        ("", None),
    ],
)
def test_a_profile_is_known_by_its_name(written, slug):
    assert rules.linkedin_slug(written) == slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ACME Verpackungs-GmbH & Co. KG", "acme verpackungs"),
        ("The Acme Company, Inc.", "acme"),
        ("Société Générale S.A.", "societe generale"),
        ("Żabka Sp. z o.o.", "zabka"),
        ("Ørsted A/S", "orsted"),
        ("Smith & Sons", "smith and sons"),
        ("Limited", "limited"),
        ("", ""),
    ],
)
def test_a_company_is_known_by_its_name_without_legal_form(name, key):
    assert rules.company_key(name) == key


def test_the_domain_of_a_company_is_read_from_site_and_address_but_not_from_free_mail():
    assert rules.domain_of("https://www.acme.at/kontakt?x=1") == "acme.at"
    assert rules.domain_of("anna@shop.acme.at") == "shop.acme.at"
    assert rules.domain_of("not a domain") is None
    assert rules.company_domain("anna@gmail.com") is None


def test_a_person_is_the_same_in_either_order_of_names_and_with_a_title():
    assert rules.person_key("Dr. Anna Lee") == rules.person_key("LEE, Anna") == "anna lee"


@given(st.one_of(st.text(max_size=40), st.emails(), st.from_regex(r"[\wÀ-ÿ.&/' -]{1,40}")))
def test_a_key_put_in_again_comes_out_as_it_is(text):
    for normalise in (
        rules.normal_email,
        rules.linkedin_slug,
        rules.domain_of,
        rules.company_key,
        rules.person_key,
        rules.name_key,
        lambda number: rules.normal_phone(number, "AT"),
    ):
        key = normalise(text)
        assert key is None or normalise(key) == key


@given(st.emails())
def test_a_mailbox_does_not_depend_on_how_it_was_typed(address):
    assert rules.normal_email(f"  {address.upper()} ") == rules.normal_email(address)
