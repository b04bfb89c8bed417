"""Assets, claims and members of a case: its lists as text and workbook, and what their pay-out looks like."""
