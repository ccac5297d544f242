"""Who we are: members with a login, the teams they work in, and who was invited."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orchard.team import rules
from orchard.team.types import VIEW_LENGTH, Place, Role, Scope, Takes


class Team(models.Model):
    """A group of members that leads can be routed to."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "team"

    def __str__(self) -> str:
        """Name the team."""
        return self.name


class Territory(models.Model):
    """Where members work, and when, by the clock and the law of the place.

    `opens` and `closes` are minutes after midnight, `weekdays` count from Monday as 0. `holidays_of` is a country or a
    part of one, `days_off` are the days besides its public holidays. `countries` are those of the contacts whose
    leads the territory's members get, written as the contacts have them.
    """

    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60)
    weekdays = ArrayField(models.SmallIntegerField())
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()
    holidays_of = models.CharField(max_length=10, blank=True)
    days_off = ArrayField(models.DateField(), default=list)
    countries = ArrayField(models.CharField(max_length=60), default=list)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "territory"
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__gte=0, closes__lte=24 * 60) & Q(opens__lt=models.F("closes")),
                name="territory_opens_before_it_closes",
            )
        ]

    def __str__(self) -> str:
        """Name the territory."""
        return self.name


class MemberManager(BaseUserManager["Member"]):
    """How allauth and Django look members up; members are made by `actions` alone."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        """Find a member by e-mail, whatever its case."""
        return self.get(email__iexact=username or "")


class Member(AbstractBaseUser):
    """One of us: a person with a login.

    `scope` is whose leads and sales the member sees. `capacity` is how many open leads the member has at once, 0 for
    who takes none; `weight` is how many leads come to the member for each one that comes to a colleague of weight 1.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=[(role.value, role.label) for role in Role])
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    signs_for_sales = models.BooleanField(default=False)
    signs_for_marketing = models.BooleanField(default=False)
    scope = models.CharField(max_length=4, choices=[(scope.value, scope.value) for scope in Scope])
    capacity = models.IntegerField(default=0)
    weight = models.SmallIntegerField(default=1)
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=8, default="system")
    language = models.CharField(max_length=5, default="", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "member"
        indexes = [models.Index(Lower("name"), "id", name="member_name")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="member_email_lower"),
            models.CheckConstraint(condition=Q(capacity__gte=0, weight__gte=1), name="member_takes_leads"),
            models.CheckConstraint(
                condition=~Q(role=Role.ADMIN.value) | Q(scope=Scope.ALL.value), name="member_admin_sees_all"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=[scope.value for scope in Scope]), name="member_scope_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the member."""
        return self.name

    def get_full_name(self) -> str:
        """Return the name, as Django's mails ask for it."""
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - Django's protocol
        """Refuse: Orchard's rights stand in its own table and nowhere else."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - Django's protocol
        """Refuse, for the same reason."""
        return False

    @property
    def place(self) -> Place:
        """What the member is here."""
        signs_for = rules.sides(
            signs_for_sales=self.signs_for_sales, signs_for_marketing=self.signs_for_marketing
        )
        return Place(Role(self.role), signs_for, self.team_id, Scope(self.scope))

    @property
    def takes(self) -> Takes:
        """How many leads the member has at once, and for each one of a colleague."""
        return Takes(self.capacity, self.weight)

    @property
    def is_staff(self) -> bool:
        """Tell Django that there is no admin site to enter."""
        return False

    @property
    def is_superuser(self) -> bool:
        """Tell Django that nobody stands above the table of rights."""
        return False


class Absence(models.Model):
    """Days on which a member does not work, first and last included. Why is nobody's business here."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "absence"
        indexes = [models.Index(fields=["member", "last"], name="absence_coming")]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="absence_begins_first")
        ]


class Invitation(models.Model):
    """An invitation by link: used once, ends by itself, kept as a hash."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=[(role.value, role.label) for role in Role])
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    scope = models.CharField(max_length=4, choices=[(scope.value, scope.value) for scope in Scope])
    signs_for_sales = models.BooleanField(default=False)
    signs_for_marketing = models.BooleanField(default=False)
    token_hash = models.UUIDField(unique=True)
    invited_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
        ]


class SavedView(models.Model):
    """Book: a list as a member keeps it under a name. `state` is what its address asks for, by parameter.

    It is an address and no rows: whoever opens it sees what he or she may see.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False, related_name="views")
    list = models.CharField(max_length=40)
    name = models.CharField(max_length=VIEW_LENGTH)
    state = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "saved_view"
        constraints = [models.UniqueConstraint(fields=["member", "list", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["list"], condition=Q(is_shared=True), name="saved_view_shared")]


class ListStart(models.Model):
    """Book: the view with which a list begins for a member."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False, related_name="+")
    list = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "list_start"
        constraints = [models.UniqueConstraint(fields=["member", "list"], name="list_start_once")]


class Attempt(models.Model):
    """How often somebody tried to log in lately; the table of Django's cache, shared by all processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "login_attempt"
