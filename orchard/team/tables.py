"""The room's analytical table: which team each member is in."""

from orchard.engine.types import ColumnType, LakeSource, TableSpec

LAKE = LakeSource(
    "member",
    {"id": ColumnType.BIGINT, "team_id": ColumnType.BIGINT},
    "SELECT id, team_id FROM member ORDER BY id",
)
MEMBERS = TableSpec("members", {"member_id": ColumnType.BIGINT, "team_id": ColumnType.BIGINT}, "")
VIEWS = {"members": lambda _filled: "SELECT id AS member_id, team_id FROM {member} every"}
