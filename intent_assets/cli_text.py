"""Text for a terminal: what comes from outside can't move its cursor, and a pipe gets lines that are not cut."""

from rich.console import Console


def printable(text: str) -> str:
    """Return text from outside without characters that would move a terminal's cursor or change its colours."""
    return "".join(char if char.isprintable() else " " for char in text)


def wide_console() -> Console:
    """Return the console for tables; a pipe has no width, and a cut URL is of no use."""
    console = Console()
    console.width = console.width if console.is_terminal else max(console.width, 200)
    return console
