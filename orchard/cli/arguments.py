"""The arguments that commands take."""

import argparse
import os
from datetime import date
from pathlib import Path

from orchard import config
from orchard.kit.errors import Refused

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
"""What a process of the web answers at once: more would only wait for each other."""


def as_json(parser: argparse.ArgumentParser) -> None:
    """Let a command print one JSON object."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object on stdout")


def address(parser: argparse.ArgumentParser) -> None:
    """Let a command listen somewhere."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"“{text}” is no port. Give a number from 1 to 65535.")
    return int(text)


def run(parser: argparse.ArgumentParser) -> None:
    """Give `run` its options."""
    address(parser)
    parser.add_argument("--no-demo", action="store_true", help="start with an empty company")


def web(parser: argparse.ArgumentParser) -> None:
    """Give `web` its options."""
    address(parser)
    parser.add_argument("--workers", type=int, default=1, help="processes that answer (1)")
    parser.add_argument(
        "--threads", type=int, default=THREADS, help=f"requests answered at once by each ({THREADS})"
    )
    _follow(parser)


def worker(parser: argparse.ArgumentParser) -> None:
    """Give `worker` its options."""
    parser.add_argument("--part", choices=("live", "bulk", "work"), help="only this part, in this process")
    _follow(parser)


def member(parser: argparse.ArgumentParser) -> None:
    """Let `member` take whom to invite, and as what."""
    parser.add_argument("verb", choices=["add"], help="add: invite somebody and print the link")
    parser.add_argument("--email", required=True, help="the address that will be the login")
    parser.add_argument(
        "--role",
        required=True,
        choices=["sales", "marketing", "manager", "admin"],
        help="what the member does",
    )
    parser.add_argument("--name", default="", help="the name, which can be changed on coming in")
    parser.add_argument(
        "--signs-for",
        action="append",
        default=[],
        choices=["sales", "marketing"],
        help="a side for which the member may sign the agreement; may be given twice",
    )
    parser.add_argument(
        "--address", default="", help="where Orchard is reached, such as https://orchard.company.example"
    )


def token(parser: argparse.ArgumentParser) -> None:
    """Let `token` be told what to do, with which token or for whom."""
    parser.add_argument("verb", choices=["add", "list", "withdraw"], help="what to do")
    parser.add_argument("prefix", metavar="PREFIX", nargs="?", help="withdraw: how the token begins")
    parser.add_argument("--name", default="", help="add: which system uses it")
    parser.add_argument("--as", dest="member", metavar="EMAIL", default="", help="add: for whom it acts")
    parser.add_argument(
        "--scope",
        action="append",
        default=[],
        help="add: what it may be used for; may be given several times",
    )


def agreement(parser: argparse.ArgumentParser) -> None:
    """Let `agreement` be told what to do, with which file or version, and as whom."""
    verbs = ("check", "propose", "sign", "withdraw", "show", "diff", "schema")
    parser.add_argument("verb", choices=verbs, help="what to do")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="a YAML file, - for stdin; show, diff: or a version"
    )
    parser.add_argument("--as", dest="member", metavar="EMAIL", help="the login of the member who acts")
    parser.add_argument("--side", choices=["sales", "marketing"], help="the one side to sign for")


def backup(parser: argparse.ArgumentParser) -> None:
    """Let `backup` and `restore` be told the file."""
    parser.add_argument("file", metavar="FILE", help="the file that holds everything")


def outbox(parser: argparse.ArgumentParser) -> None:
    """Let `outbox` be told whether its gate is to be opened or closed, and by whom."""
    parser.add_argument("verb", nargs="?", choices=("open", "close"), help="what to do; without it, only say")
    parser.add_argument("--yes", action="store_true", help="open: do not ask")
    parser.add_argument("--reason", default="", help="close: what the pages say")
    parser.add_argument("--as", dest="member", metavar="EMAIL", default="", help="the member who acts")


def refresh(parser: argparse.ArgumentParser) -> None:
    """Let `refresh` be told its engine."""
    _engine(parser)


def _engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        type=_known_engine,
        metavar="ENGINE",
        help="duckdb, or a Spark master such as spark://host:7077 (as ORCHARD_ENGINE says)",
    )


def _known_engine(text: str) -> str:
    try:
        return config.engine("--engine", text)
    except Refused as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _follow(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--follow", type=int, metavar="PID", help=argparse.SUPPRESS)


def lake(parser: argparse.ArgumentParser) -> None:
    """Let `lake` be told what to do."""
    parser.add_argument("act", choices=("sync",), help="write what is missing")


def import_file(parser: argparse.ArgumentParser) -> None:
    """Let `import` be told the file and how to read it."""
    parser.add_argument("file", metavar="FILE", help="a CSV or XLSX file")
    parser.add_argument("--map", metavar="MAP.yaml", help="what its columns hold; known exports need none")
    parser.add_argument("--sheet", help="the worksheet to read")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")
    parser.add_argument(
        "--loud", action="store_true", help="let its facts cause notices and mails, as live ones do"
    )


def demo(parser: argparse.ArgumentParser) -> None:
    """Let `demo` be told which company to make."""
    parser.add_argument(
        "--size", choices=("small", "large"), help="1,400 contacts (if nothing is said), or a million"
    )
    parser.add_argument("--seed", type=int, help="the same seed and date make the same company (7)")
    parser.add_argument("--until", metavar="DATE", help="the last day of the story (today)")
    _follow(parser)


def report(parser: argparse.ArgumentParser) -> None:
    """Let `report` be told which one."""
    parser.add_argument(
        "name",
        choices=("funnel", "scorecard", "came_back", "closing", "cost", "orchard"),
        help="which report",
    )
    parser.add_argument(
        "--by", default="", metavar="X", help="what its rows are: campaign, source, member, month ..."
    )
    parser.add_argument(
        "--from", dest="since", type=_day, metavar="DATE", help="what it tells of began on this day or later"
    )
    parser.add_argument(
        "--to", dest="until", type=_day, metavar="DATE", help="what it tells of began on this day or earlier"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it to a .csv, .xlsx or .json file")
    _engine(parser)


def segment(parser: argparse.ArgumentParser) -> None:
    """Let `segment` be told what to do, with which condition."""
    parser.add_argument("verb", choices=("count", "members"), help="how many fit, or who they are")
    parser.add_argument("file", metavar="FILE", nargs="?", help="a condition as YAML or JSON, - for stdin")
    parser.add_argument(
        "--saved", metavar="CODE", help="the condition of a saved segment, by its code or name"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no day. Write it like 2026-11-02.") from error


def bench(parser: argparse.ArgumentParser) -> None:
    """Let `bench` be told which promise, and how small."""
    parser.add_argument(
        "name",
        choices=(
            "import",
            "refresh",
            "drain",
            "speed_to_verdict",
            "handoff",
            "clock",
            "speed_to_lead",
            "segment",
            "reports",
            "backup",
            "search",
            "spark",
            "growth",
        ),
        help="which promise",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size: 0.1 is a tenth (1)")
