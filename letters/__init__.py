"""Official letters: templates, document tree, layouts by date, output as DOCX, PDF and HTML, register print."""
