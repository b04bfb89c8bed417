"""Why a date is what it is: deadlines with their sums in words."""
