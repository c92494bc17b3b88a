"""The audit's lines get a name that people can read; no column changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_tree_guard")]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "default_permissions": (),
                "ordering": ["id"],
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
            },
        ),
    ]
