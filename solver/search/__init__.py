"""Strategies beside the exact one."""
