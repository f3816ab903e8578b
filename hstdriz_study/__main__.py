"""``python -m hstdriz_study`` is the ``hstdriz-study`` command."""

from hstdriz_study.cli.main import main

main()
