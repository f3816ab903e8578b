"""From what is done to the key of its result: inputs, options, versions and the code itself."""

from hstdriz_study.keys.code import Code, code_digest, imports_of
from hstdriz_study.keys.differences import differences
from hstdriz_study.keys.stage import StageKey, cached_stage, library_versions, stage_key

__all__ = [
    "Code",
    "StageKey",
    "cached_stage",
    "code_digest",
    "differences",
    "imports_of",
    "library_versions",
    "stage_key",
]
