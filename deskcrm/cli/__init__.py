"""The command line: every job that a script can rely on, and the way into the window.

Exit code 0 or not: 1 for what is refused, 2 for a command that cannot be read, 130 for an
interruption. What is wrong is one line on the standard error.
"""

import os
import sys
from collections.abc import Sequence

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.words import tr

REFUSED = 1
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb, or open the window without one; gives the exit code."""
    from deskcrm.cli import speech
    from deskcrm.cli.verbs import parse

    speech.begin()
    options = parse(speech.readable(sys.argv[1:] if argv is None else argv))
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except UserError as error:
        return speech.refuse(str(error), REFUSED)
    except (Cancelled, KeyboardInterrupt):
        return speech.refuse(tr("Cancelled; nothing that was acknowledged is lost."), INTERRUPTED)
    except BrokenPipeError:
        # Whoever reads has seen enough. What is left must not be written when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:
        if options.debug:
            raise
        from deskcrm.cli import bugs

        return speech.refuse(bugs.admit(error, options.profile), REFUSED)
    return code
