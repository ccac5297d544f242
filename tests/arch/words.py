"""Write the catalogue of the texts that pages show, for translators: orchard/locale/de/LC_MESSAGES/django.po."""

import ast
import contextlib
import os

from django.core.management.commands import makemessages

from tests.arch import house

LANGUAGE = "de"
CATALOGUE = house.ROOT / "orchard" / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

# Who reads a command's answer or a log reads English; of these, only modules that use gettext reach a page.
NO_PAGES = ("cli", "backup", "demo", "kit/embedded_postgres", "config.py")

# Where a text stands among the arguments of what is called, as xgettext counts them.
KEYWORDS = ("Kind:2", "Phrase", "marked", "refuse_unseen", "Problem:2", "wrong:2")


_UNSAID = ('"POT-Creation-Date:', '"Report-Msgid-Bugs-To: \\n')


def refusals():
    """Return the names of the refusals that pages show: `Refused` and its heirs, but for those of REST alone."""
    heirs = {}
    for path in house.modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
                heirs.setdefault(node.name, set()).update(bases)
    names, more = set(), {"Refused"}
    while more:
        names |= more
        more = {
            name
            for name, bases in heirs.items()
            if bases & names and "ApiRefused" not in {name, *bases} and name not in names
        }
    return names


def unread():
    """Return the modules whose sentences no page shows."""
    return [
        str(path.relative_to(house.ROOT))
        for path in house.modules()
        if str(path.relative_to(house.ROOT / "orchard")).startswith(NO_PAGES)
        and "gettext" not in path.read_text()
    ]


class Command(makemessages.Command):
    """Django's own extraction, over the product alone and knowing how rooms write what they say."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--sort-by-file",
        *(f"--keyword={each}" for each in (*KEYWORDS, *sorted(refusals()))),
    ]
    msguniq_options = [*makemessages.Command.msguniq_options, "--sort-by-file"]
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching", "--sort-by-file"]
    msgattrib_options = [*makemessages.Command.msgattrib_options, "--sort-by-file"]

    def find_files(self, root):
        """Look through the product only."""
        return super().find_files("orchard" if root == "." else root)

    def write_po_file(self, potfile, locale):
        """Leave out of its head when it was made, which would change each time, and what stands there empty."""
        super().write_po_file(potfile, locale)
        lines = CATALOGUE.read_text().splitlines(keepends=True)
        CATALOGUE.write_text("".join(line for line in lines if not line.startswith(_UNSAID)))


def main():
    """Write the catalogue; what was translated stays, what is said nowhere any more goes."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchard.settings")
    django.setup()
    with contextlib.chdir(house.ROOT):
        call_command(
            Command(), locale=[LANGUAGE], add_location="file", no_obsolete=True, ignore_patterns=unread()
        )


if __name__ == "__main__":
    main()
