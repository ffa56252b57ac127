"""Becomes the command in its arguments, and has it end with its parent, however that ends.

`python -m intent_assets.cli_child PARENT COMMAND...`, where PARENT is the process id of who calls.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Ask the kernel for SIGTERM when the parent is gone (Linux; elsewhere nobody does that), then run the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before it could be asked for
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 -- the commands are our own words


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
