"""What the demo company does with leads that came back: two programs."""

from typing import Any

PROGRAMS: tuple[dict[str, Any], ...] = (
    {
        "name": "Not now, but some day",
        "audience": {"returned": ["wrong_timing"]},
        "steps": [
            {"type": "wait", "days": 40},
            {
                "type": "task",
                "what": "mail",
                "title": "Send what is new since",
                "to": "returned_by",
                "due_days": 3,
            },
            {"type": "wait", "days": 45},
            {
                "type": "task",
                "what": "call",
                "title": "Ask how the plans stand",
                "to": "returned_by",
                "due_days": 3,
            },
        ],
        "goal": {"becomes_lead": True},
    },
    {
        "name": "Nobody reached them",
        "audience": {"returned": ["no_answer", "rotted"]},
        "steps": [
            {"type": "wait", "days": 21},
            {
                "type": "branch",
                "when": {"did": ["email.clicked", "content.downloaded"], "within_days": 30},
                "then": [
                    {
                        "type": "task",
                        "what": "call",
                        "title": "They read on: call",
                        "to": "returned_by",
                        "due_days": 2,
                    }
                ],
                "else": [{"type": "wait", "days": 60}, {"type": "end", "outcome": "stayed silent"}],
            },
        ],
        "goal": {"becomes_lead": True},
    },
)
