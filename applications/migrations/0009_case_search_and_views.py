"""The case search and the saved views of the queue. PostgreSQL needs the extension pg_trgm; the indexes over the words are
put in place after every migrate (applications/search/checks.py), as triggers are."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import DatabaseError, migrations, models, transaction
from django.utils.timezone import localtime

import applications.models.application


def make_pg_trgm(apps, schema_editor):
    """The extension that the search stands on. Whoever owns the database may make it; else its administrator must."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as fault:
            raise RuntimeError(
                "The case search needs the PostgreSQL extension pg_trgm, and this role may not make it "
                f"({str(fault).strip()}). Let an administrator of the database run: CREATE EXTENSION pg_trgm; "
                "and run migrate again."
            ) from fault


def fill_in(apps, schema_editor):
    """Cases from before: the day by which each is answered, one month after it came in, and the words it is found by."""
    Application = apps.get_model("applications", "Application")
    CaseText = apps.get_model("applications", "CaseText")
    sent_in = Application.objects.filter(submitted_at__isnull=False).exclude(state="draft")
    for case in sent_in.filter(state__in=IN_HAND).only("submitted_at").iterator():
        received = localtime(case.submitted_at).date()
        year, month = (received.year + 1, 1) if received.month == 12 else (received.year, received.month + 1)
        due_on = date(year, month, min(received.day, monthrange(year, month)[1]))
        Application.objects.filter(pk=case.pk).update(due_on=due_on)
    for case in sent_in.select_related("organisation").iterator():
        project = case.answers.get("project") or {}
        known = (
            case.organisation.name,
            case.organisation.orgnr or "",
            f"{case.case_year}/{case.case_number}",
            str(project.get("project_name", "")),
        )
        CaseText.objects.create(application=case, text=f" {' '.join(filter(None, map(fold, known)))} ")


def fold(text):
    small = unicodedata.normalize("NFC", text).casefold()
    bare = "".join(one if one in "æøå" else without_marks(one) for one in small)
    return " ".join(re.sub(r"[^\w]+|_+", " ", bare).split())


def without_marks(character):
    apart = unicodedata.normalize("NFKD", character)
    return "".join(part for part in apart if not unicodedata.combining(part)).casefold()


IN_HAND = ("submitted", "in_progress", "awaiting_applicant", "proposed")


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_casework'),
        ('grants', '0003_transfers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(make_pg_trgm, migrations.RunPython.noop),
        migrations.CreateModel(
            name='CaseText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='FirstView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(help_text='The choices as they stand in the address of the queue.', max_length=500)),
                ('is_shared', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='application',
            name='due_on',
            field=models.DateField(help_text='The day by which the directorate answers. Nothing is due in a case that is not in hand.', null=True),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['due_on', 'id'], name='cases_by_deadline'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['state', 'due_on', 'id'], name='cases_by_state_and_deadline'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['handler', 'due_on', 'id'], name='cases_by_handler_and_deadline'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(models.OrderBy(models.F('submitted_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='cases_newest_first'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(models.OrderBy(applications.models.application.OrZero(models.F('applied_ore')), descending=True), models.OrderBy(models.F('id'), descending=True), name='cases_largest_first'),
        ),
        migrations.AddField(
            model_name='casetext',
            name='application',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='applications.application'),
        ),
        migrations.AddField(
            model_name='firstview',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='first_view', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='firstview',
            name='view',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opened_first', to='applications.savedview'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(models.F('owner'), django.db.models.functions.text.Lower('name'), name='saved_view_has_its_own_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_a_name'),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
