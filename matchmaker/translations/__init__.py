"""The words of every page and mail in Arabic, French and English (the source)."""
