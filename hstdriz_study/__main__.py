"""``python -m hstdriz_study`` is the ``hstdriz-study`` command."""

from hstdriz_study.app.main import main

main()
