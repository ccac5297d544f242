"""Who is here."""

from orchard.team.models import Member

DEMO_DOMAIN = "@demo.example"


def anybody() -> bool:
    """Tell whether anybody could log in."""
    return Member.objects.filter(is_active=True).exists()


def demo_logins() -> list[str]:
    """Return the addresses of the demo company's logins; none in a real company."""
    return list(
        Member.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)
        .order_by("id")
        .values_list("email", flat=True)
    )
