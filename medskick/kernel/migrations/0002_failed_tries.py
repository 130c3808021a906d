from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_contract")]

    operations = [
        migrations.CreateModel(
            name="FailedTries",
            fields=[
                ("bucket", models.UUIDField(primary_key=True, serialize=False)),
                ("failures", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="failedtries", index=models.Index(fields=["at"], name="failed_tries_old")
        ),
    ]
