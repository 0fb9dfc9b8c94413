"""From what is owed to the bank and back: orders, batches, the bank's answers."""
