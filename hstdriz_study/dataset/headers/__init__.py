"""What the headers of the exposures say, alone and beside each other, before any work."""

from hstdriz_study.dataset.headers.examine import examine_headers

__all__ = ["examine_headers"]
