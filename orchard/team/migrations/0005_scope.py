from django.db import migrations, models
from django.db.models import Q

SCOPES = [("own", "own"), ("team", "team"), ("all", "all")]


class Migration(migrations.Migration):
    dependencies = [("team", "0004_saved_views")]

    operations = [
        *(
            migrations.AddField(
                model,
                "scope",
                models.CharField(max_length=4, choices=SCOPES, default="all"),
                preserve_default=False,
            )
            for model in ("member", "invitation")
        ),
        migrations.AddConstraint(
            "member",
            models.CheckConstraint(
                condition=~Q(("role", "admin")) | Q(("scope", "all")), name="member_admin_sees_all"
            ),
        ),
        migrations.AddConstraint(
            "member",
            models.CheckConstraint(
                condition=Q(("scope__in", ["own", "team", "all"])), name="member_scope_known"
            ),
        ),
        # Sales opened its own leads alone before a member had a scope, everybody else all of them.
        migrations.RunSQL("UPDATE member SET scope = 'own' WHERE role = 'sales'", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE invitation SET scope = 'own' WHERE role = 'sales'", migrations.RunSQL.noop),
    ]
