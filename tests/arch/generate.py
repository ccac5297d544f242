"""Write the pages of docs/ that are made from the code: rooms.md and flow.md."""

import inspect
import os

from tests.arch import house

NOTE = "<!-- Written by `make docs` from the code; a test keeps it true. -->\n"


def rooms_page():
    """Return docs/rooms.md: one paragraph per room, from the door down."""
    lines = [
        "# The rooms",
        "",
        NOTE,
        "From top to bottom. A room may call the rooms below it; what happened below it learns by reading the ledger.",
        "",
        "| room | what it decides |",
        "|---|---|",
    ]
    for layer in house.layers():
        for name in layer:
            folder = house.ROOT / "orchard" / name
            path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
            says = " ".join(house.docstring(path).split())
            lines.append(f"| `{name}{'/' if folder.is_dir() else '.py'}` | {says} |")
    return "\n".join(lines) + "\n"


def flow_page():
    """Return docs/flow.md: who reads the ledger, and in which order."""
    from orchard import flow

    lines = [
        "# Who reads the ledger",
        "",
        NOTE,
        (
            "A *projection* is derived and may be dropped and rebuilt; "
            "a *reaction* happens once for the fact that caused it."
        ),
        "",
        "| consumer | sort | comes after | what it does |",
        "|---|---|---|---|",
    ]
    for each in flow.CONSUMERS:
        after = ", ".join(f"`{name}`" for name in each.after) or "–"
        says = each.says or inspect.getdoc(each.function).splitlines()[0]
        lines.append(f"| `{each.name}` | {each.sort}{', aside' if each.aside else ''} | {after} | {says} |")
    lines += [
        "",
        "## What is looked for by the clock",
        "",
        "| name | every | what it does |",
        "|---|---|---|",
    ]
    for each in (*flow.CLOCKWORK, *flow.ASIDE, *flow.WORK):
        lines.append(
            f"| `{each.name}` | {each.every:g} s | {inspect.getdoc(each.function).splitlines()[0]} |"
        )
    return "\n".join(lines) + "\n"


PAGES = {"rooms.md": rooms_page, "flow.md": flow_page}


def main():
    """Write the pages."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orchard.settings")
    django.setup()
    for name, page in PAGES.items():
        (house.ROOT / "docs" / name).write_text(page())


if __name__ == "__main__":
    main()
