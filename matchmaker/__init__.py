"""Matchmaker: bilateral meetings of a business event, scheduled, explained and delivered."""
