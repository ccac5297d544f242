"""Real exports, and samples in their exact shapes, are read without a map or by the maps kept here."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchard.connect.csv import open_table, read, read_map, recognise
from orchard.connect.csv.types import Reject, Row
from orchard.kit.errors import Refused

MAPS = Path("docs/guides/first-hour/maps")


def taken(reading):
    return [row for row in reading.rows() if isinstance(row, Row)]


def refused(reading):
    return [row for row in reading.rows() if isinstance(row, Reject)]


def facts(reading):
    return Counter(fact.kind for row in taken(reading) for fact in row.facts)


@pytest.mark.parametrize(
    ("file", "known", "rows", "ghosts"),
    [
        ("badge/ezbadge_upload", "EZ Badge list", 2, 0),
        ("eventbrite/attendees_checkin", "Eventbrite attendees", 3, 0),
        ("eventbrite/attendees_long_custom_questions", "Eventbrite attendees", 3, 0),
        ("eventbrite/orders_report", "Eventbrite orders", 2, 0),
        ("hubspot/companies", "HubSpot companies", 3, 0),
        ("hubspot/contacts_default_view", "HubSpot contacts", 2, 0),
        ("hubspot/contacts_lifecycle", "HubSpot contacts", 1, 0),
        ("hubspot/contacts_new_labels", "HubSpot contacts", 1, 0),
        ("hubspot/contacts_with_associations", "HubSpot contacts", 3, 0),
        ("linkedin/connections_2018_2020_no_url", "LinkedIn connections", 3, 1),
        ("linkedin/connections_2018_us_datetime", "LinkedIn connections", 2, 0),
        ("linkedin/connections_2020plus_notes_url", "LinkedIn connections", 5, 1),
        ("linkedin/connections_2020plus_notes_url_crlf_bom", "LinkedIn connections", 5, 1),
        ("linkedin/connections_2020plus_preamble_stripped", "LinkedIn connections", 5, 1),
        ("linkedin/connections_excel_es_resave_semicolon", "LinkedIn connections", 2, 0),
        ("mailchimp/subscribed_pre2018", "Mailchimp subscribers", 1, 0),
        ("mailchimp/subscribed_tags", "Mailchimp subscribers", 1, 0),
        ("mailchimp/unsubscribed", "Mailchimp unsubscribed", 1, 0),
        ("salesforce/dataloader_Lead_upper", "Salesforce leads", 2, 0),
        ("salesforce/weekly_export_CampaignMember", "Salesforce campaign members", 1, 0),
        ("tito/tickets", "Tito tickets", 1, 0),
        ("zoom/attendee_report_excel_padded_long_dates", "Zoom webinar attendees", 1, 0),
        ("zoom/attendee_report_nul_in_header", "Zoom webinar attendees", 5, 0),
        ("zoom/attendee_report_us_crlf_bom", "Zoom webinar attendees", 5, 0),
    ],
)
def test_a_known_export_is_read_without_a_map(data, file, known, rows, ghosts):
    reading = read(data / "formats" / f"{file}.csv")
    assert (reading.known, reading.tally.rows) == (known, rows)
    assert len(refused(reading)) == ghosts
    assert len(taken(reading)) == rows - ghosts


def test_every_sample_of_a_format_is_known_but_the_unverified_ones(data):
    samples = [path for path in data.glob("formats/*/*.csv") if not path.name.startswith("UNVERIFIED")]
    for path in samples:
        table = open_table(path)
        assert recognise([*table.header, *table.constants], table.sample(5), path.name), path.name


def test_a_file_that_nobody_knows_asks_for_a_map(data):
    with pytest.raises(Refused, match="no export that Orchard knows; give a map"):
        read(data / "olist" / "olist_sellers_dataset.csv")


def test_the_people_of_linkedin_are_known_by_their_profile_and_ghosts_are_refused(data):
    reading = read(data / "formats/linkedin/connections_2020plus_notes_url.csv")
    _, juergen, bo, *_ = taken(reading)
    assert juergen.contact["linkedin_slug"] == "jürgen-mueller-000002"
    assert bo.contact["full_name"] == 'Bo "Bobby" Sample'
    assert [(reject.number, reject.reason[:22]) for reject in refused(reading)] == [
        (7, "This row names nobody:")
    ]


def test_the_dates_of_linkedin_are_read_in_each_of_its_ways(data):
    folder = data / "formats/linkedin"
    found = {
        path.stem: [row.facts[0].at for row in taken(read(path))] for path in sorted(folder.glob("*.csv"))
    }
    assert found["connections_2018_us_datetime"][0] == datetime(2018, 11, 3, 21, 5, tzinfo=UTC)
    assert [at.date() for at in found["connections_excel_es_resave_semicolon"]] == [
        date(2025, 10, 5),
        date(2024, 1, 17),
    ]


def test_whoever_joins_a_webinar_twice_attends_it_once_and_no_shows_only_registered(data):
    reading = read(data / "formats/zoom/attendee_report_nul_in_header.csv")
    rows = taken(reading)
    attended = {
        (row.emails[0].normal, fact.campaign)
        for row in rows
        for fact in row.facts
        if fact.kind == "webinar.attended" and fact.once
    }
    assert attended == {
        ("ada@example.com", "Pumps 101, live"),
        ("bo@example.net", "Pumps 101, live"),
        ("bot@example.io", "Pumps 101, live"),
    }
    (noshow,) = [row for row in rows if row.emails[0].normal == "zoe@example.org"]
    assert [fact.kind for fact in noshow.facts] == ["webinar.registered"]


def test_mailchimp_subscribes_nobody_unless_the_name_of_the_file_says_so(data, tmp_path):
    sample = data / "formats/mailchimp/subscribed_tags.csv"
    assert [consent.granted for consent in taken(read(sample))[0].consents] == [True]
    for name in ("cleaned.csv", "nonsubscribed_segment.csv", "audience.csv"):
        (tmp_path / name).write_bytes(sample.read_bytes())
        assert taken(read(tmp_path / name))[0].consents == []
    (left,) = taken(read(data / "formats/mailchimp/unsubscribed.csv"))
    assert [(consent.granted, consent.at.year) for consent in left.consents] == [(False, 2021)]


def test_a_person_of_several_hubspot_companies_belongs_to_the_first(data):
    rows = taken(read(data / "formats/hubspot/contacts_with_associations.csv"))
    assert rows[1].account_external_ids == [("hubspot", "9002")]


def test_salesforce_companies_given_as_ids_are_not_taken_for_names(data):
    reading = read(data / "salesforce_demo/Lead.csv")
    assert reading.known == "Salesforce leads with account ids"
    assert taken(reading)[0].account_external_ids == [("salesforce", "001Ec00000GINb1IAH")]


@pytest.mark.parametrize(
    ("file", "rows"),
    [("Account", 22), ("Campaign", 8), ("CampaignMember", 68), ("Contact", 102), ("Lead", 60), ("Task", 75)],
)
def test_every_object_of_salesforce_is_known_and_read_whole(data, file, rows):
    assert len(taken(read(data / f"salesforce_demo/{file}.csv"))) == rows


@pytest.mark.parametrize(
    ("file", "import_map", "rows", "found"),
    [
        ("Account", "accounts", 22, {}),
        ("Contact", "contacts", 102, {}),
        ("Lead", "leads", 60, {"form.submitted": 13}),
        ("CampaignMember", "campaign_members", 68, {"campaign.joined": 68}),
        ("Task", "tasks", 75, {"task.done": 28, "mail.logged": 18, "call.attempted": 17, "meeting.held": 12}),
    ],
)
def test_salesforce_is_read_by_our_own_maps(data, file, import_map, rows, found):
    reading = read(data / f"salesforce_demo/{file}.csv", read_map(MAPS / f"salesforce_{import_map}.yaml"))
    assert len(taken(reading)) == rows
    assert facts(reading) == found


def test_a_checkbox_of_salesforce_that_is_empty_means_no_and_an_address_is_read_from_its_json(data):
    row = taken(read(data / "salesforce_demo/Contact.csv", read_map(MAPS / "salesforce_contacts.yaml")))[0]
    assert row.custom["opted_out"] is False
    assert row.contact["city"] == "Anthonyton"
    assert row.consents == []


def test_the_leads_and_deals_of_olist_are_read_whole_by_origin(data):
    folder = data / "olist"
    leads = read(folder / "olist_marketing_qualified_leads_dataset.csv", read_map(MAPS / "olist_leads.yaml"))
    deals = read(folder / "olist_closed_deals_dataset.csv", read_map(MAPS / "olist_deals.yaml"))
    origin = {row.external_ids[0]: row.facts[0].campaign for row in leads.rows()}
    won = Counter(origin[row.external_ids[0]] for row in deals.rows())
    assert (len(origin), won.total()) == (8000, 842)
    share = {name: round(100 * won[name] / count, 1) for name, count in Counter(origin.values()).items()}
    assert (share["unknown"], share["paid_search"], share["organic_search"]) == (16.3, 12.3, 11.8)
    assert (won[None], Counter(origin.values())[None]) == (14, 60)


def test_one_deal_of_olist_was_won_before_the_first_contact(data):
    folder = data / "olist"
    leads = read(folder / "olist_marketing_qualified_leads_dataset.csv", read_map(MAPS / "olist_leads.yaml"))
    deals = read(folder / "olist_closed_deals_dataset.csv", read_map(MAPS / "olist_deals.yaml"))
    first = {row.external_ids[0]: row.facts[0].at for row in leads.rows()}
    early = [row for row in deals.rows() if row.facts[0].at < first[row.external_ids[0]]]
    assert len(early) == 1
