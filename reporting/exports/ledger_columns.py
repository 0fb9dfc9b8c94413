"""What an exported ledger line tells, in this order in every format."""

FORMATS = ("csv", "xlsx", "json")
COLUMNS = (
    "key", "value_date", "budget_year", "debit", "credit", "amount_ore", "chapter", "post", "scheme", "code",
    "origin_year", "origin_term", "recipient_orgnr", "municipality_number", "recipient_name", "recipient_sector",
    "account_class", "run", "by", "recorded_at",
)  # fmt: skip
WIDTHS = (30, 11, 8, 13, 13, 16, 8, 6, 22, 14, 8, 8, 12, 8, 32, 14, 14, 8, 16, 27)
