"""A year-end report as it was handed over. A correction is a new version; none is edited."""

from django.db import models


class YearEndReport(models.Model):
    """The figures of one version of a year's report, with their hash."""

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="year_end_report_version_is_one")]
