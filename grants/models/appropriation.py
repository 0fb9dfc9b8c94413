"""What Stortinget has granted, decision by decision, and what is booked outside this system."""

from django.db import models

from grants.models.register import ImportedFile


class BudgetPost(models.Model):
    """A chapter and post of one budget year. The row is what commitments and runs lock before they ask for cover."""

    year = models.PositiveSmallIntegerField()
    chapter = models.CharField(max_length=4)
    post = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "chapter", "post"], name="budget_post_is_one_per_year")]

    def __str__(self) -> str:
        return f"{self.chapter}/{self.post} {self.year}"


class AppropriationDecision(models.Model):
    """One decision on a post: the budget, a revision, the final one (nysaldering). The newest holds; none is edited."""

    class Keyword(models.TextChoices):
        NONE = "", "uten stikkord"
        TRANSFERABLE = "kan overføres", "kan overføres"
        ESTIMATE = "overslagsbevilgning", "overslagsbevilgning"

    budget_post = models.ForeignKey(BudgetPost, on_delete=models.PROTECT, related_name="decisions")
    decided_on = models.DateField()
    chapter_name = models.CharField(max_length=200)
    post_text = models.CharField(max_length=200)
    keyword = models.CharField(max_length=20, choices=Keyword.choices, blank=True)
    carried_in_ore = models.BigIntegerField(help_text="Overført fra i fjor.")
    allotted_ore = models.BigIntegerField(help_text="Årets tildelinger.")
    last_year_allotted_ore = models.BigIntegerField(null=True, help_text="Fjorårets bevilgning, where it is known.")
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(help_text="The order of the posts in the file, kept in reports.")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["budget_post", "decided_on", "id"], name="appropriation_newest_per_post")]

    @property
    def total_ore(self) -> int:
        """Samlet tildeling."""
        return self.carried_in_ore + self.allotted_ore


class OutsideAccount(models.Model):
    """What the state accounts show on a post and this system did not pay: operations, income, other transfers."""

    year = models.PositiveSmallIntegerField()
    chapter = models.CharField(max_length=4)
    post = models.CharField(max_length=2)
    amount_ore = models.BigIntegerField()
    chapter_name = models.CharField(max_length=200, blank=True)
    post_text = models.CharField(max_length=200, blank=True)
    keyword = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    account_class = models.CharField(max_length=20, blank=True)
    known_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["year", "chapter", "post", "sector", "account_class", "known_on", "id"],
                name="outside_account_newest",
            )
        ]
