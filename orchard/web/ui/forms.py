"""How a Django form becomes our fields: label, help, error and summary, joined for a screen reader."""

from zoneinfo import available_timezones

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ field.as_field_group }}` by the templates in `ui/forms/`."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


def time_zones() -> list[tuple[str, str]]:
    """Return the time zones that this machine knows, as choices of a field."""
    known = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in known)]
