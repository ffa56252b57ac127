"""Numbered migrations of the history, `NNNN_name.sql`; each is applied once, in order, and never changed afterwards."""
