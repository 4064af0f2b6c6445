#!/usr/bin/env python
"""The command line of Regulars."""

import sys

from crm.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
