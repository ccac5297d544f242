"""What a code is called where people read."""

import pytest
from django.utils import translation

from orchard.kit.codes import country_name, language_name, spelled_out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("price_list", "Price list"),
        ("whitepaper", "Whitepaper"),
        ("Head of sales", "Head of sales"),
        ("nordfoods.example", "nordfoods.example"),
        ("Europe/New_York", "Europe/New_York"),
        ("", ""),
    ],
)
def test_a_code_that_nobody_named_is_spelled_out_and_what_somebody_wrote_stays(code, words):
    assert spelled_out(code) == words


def test_countries_and_languages_have_their_name_in_the_language_of_who_reads():
    assert (country_name("AT"), language_name("de")) == ("Austria", "German")
    with translation.override("de"):
        assert (country_name("AT"), language_name("de")) == ("Österreich", "Deutsch")
    with translation.override("xx"):
        assert country_name("AT") == "Austria"
    assert (country_name("QQ"), country_name("Bavaria"), language_name("qq")) == ("QQ", "Bavaria", "Qq")
