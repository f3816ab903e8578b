"""Damage drawn from seeds: a sentence or a sound reading, never a traceback, never a touched file.

HSTDRIZ_STUDY_FUZZ=N draws N times as much as usual.
"""

from __future__ import annotations

import os
import random
import shutil

import pytest
from hydra import initialize_config_dir

from hstdriz_study.cli.catalogue import study_keys
from hstdriz_study.cli.points import composed_point
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.dataset import load_exposures
from hstdriz_study.errors import ConfigError, StudyError
from hstdriz_study.field import Field
from hstdriz_study.prepare.references import reference_files
from hstdriz_study.study.config import StudyConfig, field_options
from tests.hostile.fuzzing import damage
from tests.hostile.judged import assert_one_sentence

TIMES = float(os.environ.get("HSTDRIZ_STUDY_FUZZ", "1"))
N_FILES, N_KEYS = int(60 * TIMES), int(8 * TIMES)
VALUES = (
    "null", "[]", "[1]", "[[1]]", "{}", "{a:1}", "''", "' '", "abc", "true", "nan", "inf", "-inf",
    "-1", "0", "1e308", "1000000000000000000000000000000", "1e-300", "???", "${nothing}",
    "${oc.env:HSTDRIZ_NOT_SET}", "'a\x07b'", "'../x'", "/dev/null", "'é'", "a" * 5000,
)  # fmt: skip


# astropy warns of what it reads in spite of, and leaves open what it cannot read
@pytest.mark.filterwarnings("ignore::Warning")
def test_a_damaged_file_is_read_or_is_one_sentence(own_f160w, tmp_path):
    config, sound = own_f160w
    directory = tmp_path / "data"
    directory.mkdir()
    for path in sound:
        shutil.copy(path, directory)
    damaged = directory / sound[1].name
    whole = damaged.read_bytes()
    config.dataset.path, config.prepare.cache_dir = str(directory), str(tmp_path / "cache")
    n_refused = 0
    for seed in range(N_FILES):
        damaged.write_bytes(whole)
        told = damage(damaged, seed)
        content = damaged.read_bytes()
        n_refused += _refused(config, damaged.name, f"seed {seed}: {told}")
        assert damaged.read_bytes() == content
    assert N_FILES / 5 < n_refused < N_FILES


def _refused(config: StudyConfig, name: str, told: str) -> bool:
    """Do what every command does before it prepares, and look at what it says."""
    options = field_options(config)
    try:
        found = load_exposures(options.dataset)
        reference_files([one.path for one in found.exposures], found.reference_dirs)
        _ = Field(options).level_findings
    except StudyError as error:
        assert_one_sentence(str(error), name)
        return True
    except Exception as error:
        raise AssertionError(told) from error
    return False


@pytest.fixture(scope="module")
def some_keys():
    keys = [key for key in study_keys() if not key.startswith("hydra.")]
    random.Random(13).shuffle(keys)  # noqa: S311 - nothing secret
    return keys[:N_KEYS]


def test_a_key_of_any_value_is_taken_or_is_one_sentence(some_keys):
    n_refused = 0
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        for key in some_keys:
            n_refused += sum(_key_refused(key, value) for value in VALUES)
    assert n_refused > len(some_keys) * len(VALUES) / 3


def _key_refused(key: str, value: str) -> bool:
    try:
        composed_point((f"{key}={value}",))
    except ConfigError as error:
        assert_one_sentence(str(error), key.rpartition(".")[2])
        return True
    except Exception as error:
        raise AssertionError(f"{key}={value}") from error
    return False
