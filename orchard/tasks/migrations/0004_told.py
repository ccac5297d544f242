"""Note of every fact about a task which one it tells, so that a timeline can say what the step was."""

import django.db.models.deletion
from django.db import migrations, models

# A step that was changed before this, and is about a lead or a sale, stays without its words.
_TOLD = """
INSERT INTO task_told (fact_id, task_id, turn)
SELECT planned_fact, id, 'planned' FROM task WHERE planned_fact IS NOT NULL
UNION ALL
SELECT ended_fact, id, CASE WHEN done_at IS NULL THEN 'dropped' ELSE 'done' END FROM task WHERE ended_fact IS NOT NULL
UNION ALL
SELECT i.id, t.id, 'changed' FROM interaction i JOIN task t ON t.id = i.subject_id
 WHERE i.subject_kind = 'task' AND i.kind IN ('task.changed', 'meeting.changed')
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_notes"), ("interactions", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TurnTold",
            fields=[
                ("fact_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "turn",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("changed", "changed"),
                            ("done", "done"),
                            ("dropped", "dropped"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="tasks.task"
                    ),
                ),
            ],
            options={"db_table": "task_told"},
        ),
        migrations.RunSQL(_TOLD, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="task", name="planned_fact"),
        migrations.RemoveField(model_name="task", name="ended_fact"),
    ]
