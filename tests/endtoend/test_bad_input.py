"""A user's mistake is one sentence and a non-zero exit, before any work; so is a full disk."""

import pytest

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["drizzle.final_pixfra=0.6"], "did you mean drizzle.final_pixfrac?"),
        (["filter=f999w"], "f160w"),
        (["filter=f435w"], "filter=f435w has no simulated exposures"),
        (["dataset=local", "dataset.path=/nowhere"], "no such directory"),
        (["dataset.path=/nowhere"], "dataset.path=/nowhere: no such directory"),
        (["dataset.path="], "dataset.path names no directory"),
        (["dataset=synthetic", "dataset.path=/data"], "asks for simulated ones; leave one of the"),
        (["dataset.seed=2", "dataset.path=/data"], "dataset.seed=2: says how exposures are simul"),
        (["drizzle.final_pixfrac=0.4,1.2"], "drizzle.final_pixfrac=1.2: must be"),
        (["study=quickstart", "measure.n_bootstrap=1"], "measure.n_bootstrap=1: must be 20"),
        (["filter=f999w", "drizzle.final_scale=0.06,0.08"], "Could not find 'filter/f999w'"),
        (["hydra.sweeper.params={drizzle.final_scale: '1,2'}"], "hydra.sweeper.params"),
        (["--cfg", "job", "workers=1,2"], "workers=1,2: give one value here, or a list"),
        (["--multirun", "drizzle.final_pixfrac=0.4,1.2"], "drizzle.final_pixfrac=1.2: must be"),
        (["--multirun", "drizzle.final_scale=0.06,-1"], "drizzle.final_scale=-1: must be"),
        (["--multirun", "hydra.sweeper.points_per_job=0"], "points_per_job=0: must be 1 or more"),
        (["--multirun", "drizzle.final_pixfra=0.4,0.6"], "did you mean drizzle.final_pixfrac?"),
        (["choose.max_rms_over_median=inf"], "must be a finite number"),
        (
            ["--multirun", "measure.min_star_snr=50,300", "filter=f160w"],
            "measure.min_star_snr differs between points of filter=f160w",
        ),
        (["--multirun", "dataset.n_exposures=2,4"], "dataset.n_exposures differs between points"),
        (["choose.rule=nope"], "choose.rule: there is no rule 'nope'"),
        (["drizzle.final_bits=~4"], """needs quotes: "drizzle.final_bits='~4'\""""),
        (["drizzle.final_bits=16,512"], "one value with a comma needs quotes"),
        (["drizzle.final_bits='16,abc'"], "drizzle.final_bits=16,abc: must be good DQ bits"),
        (["filter.cosmic_rays.combine_type=average"], "must be one of minmed"),
        (["drizzle.final_kernel=lanczos3"], "set drizzle.engine=astrodrizzle"),
        (["report", "nowhere"], "no such file"),
        (["send"], "usage: hstdriz-study send STUDY_DIR"),
        (["report", "--fast", "nowhere"], "no such option '--fast'; usage: hstdriz-study report"),
        (["raport", "nowhere"], "no command raport; did you mean report? hstdriz-study --help li"),
        (["quickstart"], "no command quickstart; hstdriz-study --help lists them"),
        (["."], "say what to do with it, as in: hstdriz-study report ."),
        (["study=quickstart", "preview"], "preview: not GROUP=NAME or KEY=VALUE; a command comes"),
        (["filtr=f160w"], "filtr: there is no such key or group; did you mean filter?"),
        (["filter=F16W"], "; did you mean f160w?"),
        (["sweep", "study=quikstart"], "; did you mean quickstart?"),
        (["point", "final_scale=0.08"], "; did you mean drizzle.final_scale?"),
        (["point", "drizzle.final_scale=0.06,0.08"], "several values are a sweep"),
        (["preview", "drizle.final_scale=0.08"], "did you mean drizzle.final_scale?"),
        (
            ["validate", "filter=[f160w]"],
            "filter: there is no such key or group; did you mean filters",
        ),
        (["+drizzle.factor=1"], "drizzle.factor: there is no such key or group"),
        (["hydra/launchr=joblib"], "; did you mean hydra/launcher?"),
        (["--cfg", "jo"], "invalid choice: 'jo'"),
    ],
)
def test_mistake_is_one_sentence(program, tmp_path, arguments, sentence):
    outcome = program(tmp_path, *arguments)
    assert outcome.code == 2
    (line,) = outcome.said
    assert line.startswith("error: ")
    assert sentence in line
    assert not (tmp_path / "hstdriz-runs").exists()


@pytest.mark.parametrize("key", ["name", "filter.name"])
@pytest.mark.parametrize("mode", [[], ["--multirun"], ["preview"]])
def test_a_name_that_is_a_path_writes_nothing_anywhere(program, tmp_path, key, mode):
    inside = tmp_path / "a" / "b" / "c"
    # the default store lies in the directory of the run
    arguments = [*mode, f"{key}=../../x", "track.tracking_uri=sqlite:///hstdriz-runs/mlflow.db"]
    outcome = program(inside, *arguments)
    assert outcome.code == 2
    (line,) = outcome.said
    assert line.startswith(f"error: {key}=../../x: must be 1 to 64 letters")
    assert {path.name for path in tmp_path.rglob("*")} == {"a", "b", "c"}


def test_output_that_cannot_be_written_is_one_sentence(program, tmp_path):
    (tmp_path / "hstdriz-runs").write_text("a file where a directory should be")
    for words in (["filter=f160w"], ["validate", "parts=[correlation]"]):
        outcome = program(tmp_path, *words)
        assert outcome.code == 2
        assert outcome.said[-1].startswith("error: ")
        assert "cannot be written" in outcome.said[-1]
        assert "hydra.run.dir=DIR" in outcome.said[-1]


def test_users_empty_directory_is_named(program, tmp_path):
    (tmp_path / "data").mkdir()
    outcome = program(tmp_path, "dataset=local", "dataset.path=data", "filter=f160w")
    assert outcome.code == 2
    assert "holds no *_flt.fits or *_flc.fits" in outcome.stderr


# too small for a file of the set-up, and for what the points will write
@pytest.mark.parametrize("size", ["160k", "420k"])
def test_full_disk_is_told_without_a_traceback_and_says_how_to_go_on(program, disk_of, size):
    disk = disk_of(size)
    outcome = program(disk, "--multirun", "filter=f160w", "drizzle.final_pixfrac=0.4,0.6,0.8,1.0")
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr
    last = outcome.said[-1]
    assert last.startswith("error: ")
    assert f"{disk}: the study, of 4 points, will take 20 MB there" in last
    assert "make room" in last
    assert not list(disk.iterdir())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"name: [unclosed", "study/mine.yaml, line 1: no YAML"),
        (b"a:\n\tb: 1", "study/mine.yaml, line 2: no YAML"),
        (b"name: caf\xe9", "no text in UTF-8"),
    ],
)
def test_a_study_file_that_is_no_yaml_is_named(program, tmp_path, text, told):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_bytes(text)
    outcome = program(tmp_path, "preview", "study=mine")
    assert outcome.code == 2
    (line,) = outcome.said
    assert line.startswith("error: ")
    assert told in line
