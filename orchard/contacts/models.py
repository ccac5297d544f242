"""The room's storage. All tables are books: changed by `actions` alone, which append the fact in the same breath.

A merge moves no row: what belongs to a merged contact keeps its old id and is read through the ledger's alias.
Texts that are searched by their beginning are collated "C", so that one index serves search, order and identity.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Lower

from orchard.contacts.types import FILE_NAME_LENGTH, FILE_WORDS_LENGTH, BuyingRole, Entity, FieldType
from orchard.kit.words import Phrase


class Account(models.Model):
    """A company outside."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    domain = models.CharField(max_length=253, null=True, db_collation="C")
    industry = models.CharField(max_length=120, null=True)
    country = models.CharField(max_length=60, null=True)
    region = models.CharField(max_length=120, null=True)
    city = models.CharField(max_length=120, null=True)
    employees = models.BigIntegerField(null=True)
    annual_revenue = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    owner = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="accounts")
    custom = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account"
        indexes = [
            models.Index(fields=["name_key", "id"], name="account_name"),
            models.Index(fields=["domain"], condition=Q(domain__isnull=False), name="account_domain"),
            models.Index(fields=["industry"], name="account_industry"),
            models.Index(fields=["country"], name="account_country"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="account_not_its_own_parent")
        ]

    def __str__(self) -> str:
        """Name the company."""
        return self.name


class AccountSite(models.Model):
    """One place where an account works."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "account_site"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="account_site_once")]


class Contact(models.Model):
    """A person outside. `full_name` is the truth; first and last name are kept where somebody gave them apart."""

    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    full_name = models.CharField(max_length=200, null=True)
    first_name = models.CharField(max_length=120, null=True)
    last_name = models.CharField(max_length=120, null=True)
    name_key = models.CharField(max_length=200, null=True, db_collation="C")
    person_key = models.CharField(max_length=200, null=True, db_collation="C")
    title = models.CharField(max_length=200, null=True)
    seniority = models.CharField(max_length=40, null=True)
    department = models.CharField(max_length=120, null=True)
    country = models.CharField(max_length=60, null=True)
    city = models.CharField(max_length=120, null=True)
    language = models.CharField(max_length=35, null=True)
    time_zone = models.CharField(max_length=60, null=True)
    linkedin_slug = models.CharField(max_length=200, null=True, db_collation="C")
    is_competitor = models.BooleanField(null=True)
    owner = models.ForeignKey(
        "team.Member", null=True, on_delete=models.SET_NULL, related_name="contacts", db_index=False
    )
    custom = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact"
        indexes = [
            models.Index(fields=["account", "person_key"], name="contact_account_person"),
            models.Index(fields=["name_key", "id"], name="contact_name"),
            models.Index(
                Collate(Lower("last_name"), "C"),
                name="contact_last_name",
                condition=Q(last_name__isnull=False),
            ),
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="contact_owner"),
            BrinIndex(fields=["created_at"], name="contact_created", pages_per_range=32),
            models.Index(fields=["erased_at"], condition=Q(erased_at__isnull=False), name="contact_erased"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["linkedin_slug"], condition=Q(linkedin_slug__isnull=False), name="contact_linkedin"
            ),
        ]

    def __str__(self) -> str:
        """Name the person, or say that the name is not known."""
        return self.full_name or Phrase("Name not known")


class ContactEmail(models.Model):
    """An address as typed, and the normal form by which the mailbox is known: one owner each."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.CharField(max_length=320)
    normal = models.CharField(max_length=320, db_collation="C")
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "contact_email"
        constraints = [models.UniqueConstraint(fields=["normal"], name="contact_email_one_owner")]


class ContactPhone(models.Model):
    """A phone number as typed, and as dialled from abroad where that can be told. Several people may share one."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones", db_index=False)
    number = models.CharField(max_length=60)
    normal = models.CharField(max_length=40, null=True, db_collation="C")
    label = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "contact_phone"
        indexes = [
            models.Index(fields=["normal"], condition=Q(normal__isnull=False), name="contact_phone_normal")
        ]
        constraints = [models.UniqueConstraint(fields=["contact", "number"], name="contact_phone_once")]


class ExternalId(models.Model):
    """The id of a contact in another system."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=60, db_collation="C")
    value = models.CharField(max_length=200, db_collation="C")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "contact_external_id"
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="contact_external_id_one_owner")
        ]


class AccountExternalId(models.Model):
    """The id of an account in another system."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=60, db_collation="C")
    value = models.CharField(max_length=200, db_collation="C")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "account_external_id"
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="account_external_id_one_owner")
        ]


class CustomField(models.Model):
    """A field that the company declared for itself; its values lie in `custom` of the record."""

    entity = models.CharField(max_length=8, choices=[(entity.value, entity.value) for entity in Entity])
    name = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=8, choices=[(sort.value, sort.value) for sort in FieldType])
    choices = ArrayField(models.CharField(max_length=80), default=list)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "custom_field"
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="custom_field_once")]


class FieldHistory(models.Model):
    """A value that a field had until `valid_until`; the value of today stands in the record."""

    entity = models.CharField(max_length=8)
    entity_id = models.BigIntegerField()
    field = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    valid_until = models.DateTimeField()
    fact_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "field_history"
        indexes = [
            models.Index(fields=["entity_id", "entity"], name="field_history_record"),
            BrinIndex(fields=["import_id"], name="field_history_import", pages_per_range=16),
        ]


class Consent(models.Model):
    """What a contact agreed to, or took back: one row per word given, the newest one holds."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=40)
    granted = models.BooleanField()
    source = models.CharField(max_length=120)
    wording = models.TextField(blank=True)
    wording_version = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    member = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "consent"
        indexes = [models.Index(fields=["contact", "purpose", "-at"], name="consent_latest")]


class Hold(models.Model):
    """A contact whom nothing but a person may write to, since somebody is at work with them: once per source.

    `source_kind` and `source_id` name what holds, in a room above. Who may not see what `member` has sees no contact.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="holds", db_index=False)
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_hold"
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "contact"],
                condition=Q(lifted_at__isnull=True),
                name="contact_hold_once",
            )
        ]
        indexes = [models.Index(fields=["contact"], condition=Q(lifted_at__isnull=True), name="contact_held")]


class SuppressedAddress(models.Model):
    """A keyed hash of an address that gets nothing from us: all that an erasure leaves of it."""

    class Reason(models.TextChoices):
        """Why the address is suppressed."""

        ERASED = "erased"
        UNSUBSCRIBED = "unsubscribed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    hash = models.UUIDField(primary_key=True)
    reason = models.CharField(max_length=12, choices=Reason)
    at = models.DateTimeField()

    class Meta:
        db_table = "suppressed_address"


class Doubt(models.Model):
    """Two contacts that may be one person. Nothing merges by itself: a member decides."""

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open"
        MERGED = "merged"
        KEPT_APART = "kept_apart"

    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=40))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "doubt"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="doubt_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="doubt_in_order"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="doubt_open")]


class Merge(models.Model):
    """Two contacts that a member declared one: what was filled in from the loser, so that it can be undone."""

    survivor = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    loser = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    filled = models.JSONField(default=dict)
    fact_id = models.BigIntegerField()
    at = models.DateTimeField()
    member = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at__isnull=True), name="contact_merge_once"
            ),
            models.CheckConstraint(condition=~Q(loser=F("survivor")), name="contact_merge_two"),
        ]


class RoleAt(models.Model):
    """What part a contact has when an account buys; it says nothing once the contact is at another."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=[(each.value, each.label) for each in BuyingRole])
    member = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "account_role"


class KeptFile(models.Model):
    """A file on a contact or on an account, without what is in it: lists never read that.

    `media` is what its first bytes say that a browser may show; `digest` is the SHA-256 of what is in it.
    """

    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="files")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    media = models.CharField(max_length=40, blank=True)
    size = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    words = models.CharField(max_length=FILE_WORDS_LENGTH, blank=True)
    fact_id = models.BigIntegerField(unique=True)
    member = models.ForeignKey(
        "team.Member", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        "team.Member", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )

    class Meta:
        db_table = "kept_file"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "digest"],
                condition=Q(removed_at__isnull=True),
                name="kept_file_contact_once",
            ),
            models.UniqueConstraint(
                fields=["account", "digest"],
                condition=Q(removed_at__isnull=True),
                name="kept_file_account_once",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, account__isnull=True)
                | Q(contact__isnull=True, account__isnull=False),
                name="kept_file_on_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["removed_at"], condition=Q(removed_at__isnull=False), name="kept_file_removed"
            ),
        ]


class FilePiece(models.Model):
    """What is in a file, in pieces: none has to be held whole while it comes in or goes out."""

    pk = models.CompositePrimaryKey("file_id", "number")
    file = models.ForeignKey(KeptFile, on_delete=models.CASCADE, db_index=False, related_name="pieces")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "kept_file_piece"


class ImportedBatch(models.Model):
    """What one batch of an import added, by id, so that the import can be undone."""

    import_id = models.BigIntegerField(db_index=True)
    contacts = ArrayField(models.BigIntegerField(), default=list)
    accounts = ArrayField(models.BigIntegerField(), default=list)
    emails = ArrayField(models.BigIntegerField(), default=list)
    phones = ArrayField(models.BigIntegerField(), default=list)
    ids = ArrayField(models.BigIntegerField(), default=list)
    account_ids = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField()

    class Meta:
        db_table = "imported_batch"
