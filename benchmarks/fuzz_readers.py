"""All readers of the fuzz."""

from benchmarks import (
    fuzz_claude,
    fuzz_clients,
    fuzz_intake,
    fuzz_predecessor,
    fuzz_reports,
    fuzz_stored,
    fuzz_texts,
)

READERS = (
    *fuzz_intake.READERS,
    *fuzz_reports.READERS,
    *fuzz_claude.READERS,
    *fuzz_texts.READERS,
    *fuzz_predecessor.READERS,
    *fuzz_stored.READERS,
    *fuzz_clients.READERS,
)
