"""What a page is framed with: its styles and scripts, pieces kept for a second use, the style page's specimens."""

from pathlib import Path

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from orchard.web.ui import assets
from orchard.web.ui.tags.arguments import filled

register = template.Library()


@register.simple_tag
def ui_assets(*, may_lack: bool = False) -> SafeString:
    """Link the built styles and scripts; with `may_lack` (the last error page) say nothing where they are not built."""
    try:
        built = assets.assets()
    except assets.NotBuilt:
        if may_lack:
            return SafeString("")
        raise
    links = (
        ('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', built.fonts),
        ('<link rel="stylesheet" href="{}">', built.styles),
        ('<script type="module" src="{}"></script>', built.scripts),
    )
    return SafeString(
        "\n".join(filled(shape, assets.address(path)) for shape, paths in links for path in paths)
    )


@register.simple_block_tag
def keep(content: str) -> str:
    """Hold a piece of the page for a second use: `{% keep as title %}…{% endkeep %}`, then `{{ title }}`."""
    return SafeString(content.strip())


@register.simple_tag(takes_context=True)
def specimen(context: template.Context, name: str) -> str:
    """Render a template of the style page in the page's own context."""
    rendered: str = get_template(name).template.render(context)  # type: ignore[attr-defined]  # Django's own backend has it
    return rendered


@register.simple_tag
def source(name: str) -> str:
    """Return a template's source, so that the example is the documentation."""
    origin = get_template(name).template.origin  # type: ignore[attr-defined]
    return Path(origin.name).read_text(encoding="utf-8").strip()
