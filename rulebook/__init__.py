"""The rules in force for this office: the calendar with its closing days, and the versions of the procedure."""
