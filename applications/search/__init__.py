"""How cases are found and listed: the words they are found by, the queue's choices, and paging that stays quick."""
