"""Lists of cases, now and as of a day, and what starts from them."""
