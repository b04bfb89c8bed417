"""How a letter looks: document tree, layouts by date, DOCX and PDF, the number book's form."""
