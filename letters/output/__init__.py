"""Letters as PDF, DOCX, HTML and plain text."""
