"""What is typed, or stands in a study's file, and cannot be meant, by kind."""

from __future__ import annotations

from tests.hostile.rows import BrokenSetting

_GRAMMAR = "not GROUP=NAME or KEY=VALUE"
_NO_KEY = "there is no such key or group"
_QUOTES = "a value with a sign that Hydra cannot read needs quotes: "

# Kind, and of each argument what is said. One argument a row, as it arrives from the shell.
_TYPED: dict[str, tuple[tuple[str, str], ...]] = {
    "no override": (
        ("f160w", f"f160w: {_GRAMMAR}"),
        ("/filter=f160w", "/filter is no key"),
        ("drizzle.=1", "drizzle. is no key"),
        (".drizzle=1", ".drizzle is no key"),
        ("drizzle..final_scale=1", "drizzle..final_scale is no key"),
        ("drizzle.final_scale =1", "'drizzle.final_scale ' is no key"),
        (" drizzle.final_scale=0.1", "' drizzle.final_scale' is no key"),
        ("a b=1", "a b is no key"),
        ("filter@x=f160w", "filter@x"),
    ),
    "signs that need quotes": (
        ("title=a b(c)", f"{_QUOTES}\"title='a b(c)'\""),
        ("title=a=b", f"{_QUOTES}\"title='a=b'\""),
        ("title=a#b", f"{_QUOTES}\"title='a#b'\""),
        ("title=a{b}", f"{_QUOTES}\"title='a{{b}}'\""),
        ("title=a[b]", f"{_QUOTES}\"title='a[b]'\""),
        ("title=a&b", f"{_QUOTES}\"title='a&b'\""),
        ("title=a;b", f"{_QUOTES}\"title='a;b'\""),
        ("title=é", f"{_QUOTES}\"title='é'\""),
        ("title=a'b", _QUOTES),
        ('title=a"b', _QUOTES),
        ("title=a!b", _QUOTES),
        ("drizzle.final_scale==0.1", _QUOTES),
    ),
    "quotes and brackets": (
        ("name='abc", "a quote or bracket in it is not closed"),
        ("name={", "a quote or bracket in it is not closed"),
        ("name=[1", "a quote or bracket in it is not closed"),
        ("name=[1,", "a value is missing behind the comma"),
        ("filter=f160w,", "a value is missing behind the comma"),
    ),
    "functions": (
        ("drizzle.final_scale=range(a,b)", "list the values instead"),
        ("drizzle.final_scale=choice()", "empty choice is not legal"),
        ("drizzle.final_scale=sort(0.06,abc)", "list the values instead"),
        ("drizzle.final_scale=nofunc(1)", "Unknown function 'nofunc'"),
        ("drizzle.final_scale=float(abc)", "could not convert string to float"),
    ),
    "groups": (
        ("filter=", "Could not find 'filter/'; there are"),
        ("filter=null", "a group needs a name"),
        ("filter=5", "a group needs a name"),
        ("filter=../f160w", "Could not find 'filter/../f160w'; there are"),
        ("filter=/etc/passwd", "Could not find 'filter//etc/passwd'; there are"),
        ("filter={a:1}", f"filter: {_NO_KEY}"),
        ("drizzle=[1]", "cannot be composed"),
        ("study=../x", "Could not find 'study/../x'; there are"),
        ("study=[a]", "Could not load 'study/a'"),
        ("goal=fame", "Could not find 'goal/fame'; there are"),
        ("refine=maybe", "Could not find 'refine/maybe'"),
        ("~drizzle.final_scale", "must have a value"),
    ),
    "keys that are not there": (
        ("drizzle.final_scal=0.1", "did you mean drizzle.final_scale?"),
        ("final_scale=0.1", "did you mean drizzle.final_scale?"),
        ("drizle.final_scale=0.1", "did you mean drizzle?"),
        ("drizzle.final_scale.x=1", "did you mean drizzle.final_scale?"),
        ("+x=1", f"x: {_NO_KEY}"),
        ("++drizzle.x=1", f"drizzle.x: {_NO_KEY}"),
        ("choose.weights={fame:1}", f"choose.weights.fame: {_NO_KEY}"),
        ("dataset/path=x", f"dataset/path: {_NO_KEY}"),
    ),
    "interpolations": (
        ("name=${nothing}", "name: ${nothing} names no key"),
        ("name=${oc.env:HSTDRIZ_NOT_SET}", "the environment variable HSTDRIZ_NOT_SET is not set"),
        ("name=${name}", "name: its value refers to itself"),
        ("name=${foo:bar}", "name: ${foo:...} is not known"),
        ("name=???", "name: must have a value, not ???"),
        ("title=${drizzle}", "title: must be a text"),
    ),
    "another type": (
        ("drizzle.final_pixfrac=abc", "drizzle.final_pixfrac=abc: must be a number"),
        ("drizzle.final_pixfrac=true", "drizzle.final_pixfrac=True: must be a number"),
        ("drizzle.final_pixfrac={}", "drizzle.final_pixfrac={}: must be a number"),
        ("workers=1.5", "workers=1.5: must be a whole number"),
        ("dataset.seed=1e30", "dataset.seed=1e+30: must be a whole number"),
        ("stop_on_failure=maybe", "stop_on_failure=maybe: must be true or false"),
        ("title=null", "title: must have a value"),
        ("title=[]", "title: must be a text"),
        ("measure.metrics=psf", "measure.metrics: must be a list"),
        ("measure.metrics=null", "measure.metrics: must have a value"),
        ("measure.metrics=[null]", "measure.metrics[0]: must hold values, not null"),
        ("dataset.exclude=abc", "dataset.exclude: must be a list"),
        ("dataset.exclude=[[a]]", "must be a list of single values"),
        ("drizzle.ivm_path=[a]", "drizzle.ivm_path: must be a text"),
        ("choose.weights=[1]", "choose.weights: must be given by its keys"),
    ),
    "out of range": (
        ("drizzle.final_scale=", "drizzle.final_scale=: must be a size in arcsec above 0"),
        ("drizzle.final_scale=nan", "drizzle.final_scale=nan: must be a size"),
        ("drizzle.final_scale=1e400", "drizzle.final_scale=inf: must be a size"),
        ("drizzle.final_scale=-1", "drizzle.final_scale=-1: must be a size"),
        ("drizzle.final_scale=psf/0", "drizzle.final_scale=psf/0: must be a size"),
        ("drizzle.final_scale=[0.1]", "drizzle.final_scale=[0.1]: must be a size"),
        ("drizzle.final_scale=60", "the unit is arcsec, not milliarcsec"),
        ("drizzle.final_pixfrac=0", "drizzle.final_pixfrac=0.0: must be above 0"),
        ("drizzle.final_pixfrac=inf", "must be a finite number"),
        ("workers=0", "workers=0: must be 1 to 4096"),
        ("dataset.n_exposures=1000000", "must be 2 to 1000"),
        ("prepare.skymethod=average", "must be one of localmin"),
        ("choose.goal=fame", "choose.goal=fame: must be one of default"),
        ("checks.accept=[nois]", "did you mean noise?"),
        ("measure.metrics=[]", "must be at least one metric"),
        ("filter.good_bits=abc", "filter.good_bits=abc: must be good DQ bits"),
    ),
    "texts": (
        ("prepare.cache_dir=", "prepare.cache_dir='': must be the path of a directory"),
        ("name=", "name='': must be 1 to 64 letters"),
        ("name=a/b", "name=a/b: must be 1 to 64 letters"),
        ("title='a\x07b'", "holds signs that cannot be printed"),
        ("title=" + 5000 * "a", "has 5000 letters, more than 4000"),
        ("dataset.path=~hstdriz-nobody/x", "write the directory out"),
        ("dataset.path=/" + 300 * "a", "a name in it is longer than 255 bytes"),
    ),
}

# Those that only the files they name, or the other keys, make impossible. {tmp} has a file, a
# directory, a pipe and a link to nothing: afile, adir, apipe, alink.
_STARTED: dict[str, tuple[tuple[str, str], ...]] = {
    "paths": (
        ("dataset.path={tmp}/afile", "is a file; give the directory"),
        ("dataset.path={tmp}/adir", "holds no *_flt.fits"),
        ("dataset.path={tmp}/apipe", "no such directory"),
        ("dataset.path={tmp}/alink", "no such directory"),
        ("dataset.path={tmp}/nowhere", "no such directory"),
        ("drizzle.final_refimage={tmp}/nowhere", "no such file"),
        ("drizzle.final_refimage={tmp}/adir", "no such file"),
        ("drizzle.final_refimage={tmp}/apipe", "no such file"),
        ("drizzle.final_refimage={tmp}/afile", "cannot be read as FITS"),
        ("filter.iref={tmp}/afile", "is a file; give the directory of the calibration files"),
        ("filter.iref={tmp}/nowhere", "is not in iref="),
        ("prepare.cache_dir={tmp}/afile", "no directory can be made there"),
        ("prepare.cache_dir={tmp}/afile/below", "no directory can be made there"),
        ("prepare.cache_dir=/dev/null", "no directory can be made there"),
    ),
    "names of code and rules": (
        ("measure.metrics=[nope]", "'nope' is not a dotted name"),
        ("measure.own_metrics=[nope.nope]", "measure.own_metrics"),
        ("filter.record=nope", "filter.record"),
        ("choose.rule=nope", "there is no rule 'nope'"),
        ("report.what_if=[drop:0]", "what-if drop:0: give drop:K"),
    ),
    "tracking": (
        ("track.tracking_uri=nope", "track.tracking_uri=nope"),
        ("track.tracking_uri=file:///tmp/x", "MLflow no longer keeps runs in plain directories"),
        ("track.tracking_uri=sqlite://", "names no file"),
        ("track.tracking_uri=http://", "names no host"),
    ),
    "exposures": (
        ("filter.detector=UVIS", "no WFC3/UVIS F160W exposures"),
        ("filter.native_scale_arcsec=0.04", "for binned exposures set filter.native_scale_arcsec"),
        ("dataset.exclude=[isy16001q,isy16002q,isy16003q]", "only one exposure"),
        (
            "dataset.exclude=[isy16001q,isy16002q,isy16003q,isy16004q]",
            "that dataset.exclude leaves over",
        ),
    ),
}

_HEAD = b"# @package _global_\n"
# Of a file study/mine.yaml: what it holds, and what is said.
STUDY_FILES: tuple[tuple[str, bytes, str], ...] = (
    ("empty", b"", "lacks its first line"),
    ("a comment alone", b"# mine\n", "lacks its first line"),
    ("without its first line", b"name: a\n", "lacks its first line"),
    ("a byte-order mark before its first line", b"\xef\xbb\xbf" + _HEAD + b"name: a\n",
     "lacks its first line"),
    ("a list", b"- a\n- b\n", "lacks its first line"),
    ("a word", b"hello\n", "lacks its first line"),
    ("a number", b"5\n", "cannot be composed"),
    ("a list below its first line", _HEAD + b"- a\n", "must hold keys and values"),
    ("a key twice", _HEAD + b"name: a\nname: b\n", "found duplicate key name"),
    ("a tab", _HEAD + b"drizzle:\n\tfinal_scale: 1\n", "mine.yaml, line 3: no YAML"),
    ("UTF-16", (_HEAD + b"name: a\n").decode().encode("utf-16"), "no text in UTF-8"),
    ("NUL", _HEAD + b"name: a\0b\n", "no YAML"),
    ("two documents", _HEAD + b"name: a\n---\nname: b\n", "found another document"),
    ("a tag that calls", _HEAD + b"title: !!python/object/apply:os.system ['true']\n", "no YAML"),
    ("an unknown tag", _HEAD + b"title: !foo bar\n", "no YAML"),
    ("an unknown alias", _HEAD + b"title: *x\n", "found undefined alias"),
    ("an open quote", _HEAD + b"name: 'a\n", "no YAML"),
    ("itself among its defaults", _HEAD + b"defaults:\n  - mine\n  - _self_\n", "includes itself"),
    ("nested without end", _HEAD + b"title: " + 3000 * b"[" + b"\n", "nested too deep"),
    ("defaults: 5", _HEAD + b"defaults: 5\n", "defaults must be a list"),
    ("defaults of keys", _HEAD + b"defaults:\n  a: b\n", "defaults must be a list"),
    ("defaults of null", _HEAD + b"defaults:\n  - null\n", "Unsupported type in defaults"),
    ("a group that is not there", _HEAD + b"defaults:\n  - /nope: x\n", "nope/x"),
    ("a filter that is not there", _HEAD + b"defaults:\n  - override /filter: nope\n", "there are"),
    ("another package", b"# @package a.b.c\nname: a\n", f"a: {_NO_KEY}"),
    ("a number for a key", _HEAD + b"1: 2\n", f"1: {_NO_KEY}"),
    ("null for a key", _HEAD + b"~: 2\n", "a key is no word"),
    ("a misspelt key", _HEAD + b"drizzle:\n  final_scal: 1\n", "did you mean drizzle.final_scale?"),
    ("a misspelt room", _HEAD + b"drizle:\n  final_scale: 1\n", "did you mean drizzle?"),
    ("a number for a room", _HEAD + b"drizzle: 5\n", "drizzle: must be given by its keys"),
    ("null for a room", _HEAD + b"drizzle: null\n", "drizzle: must have a value"),
    ("a name for a room", _HEAD + b"filter: f160w\n", "override /filter: NAME"),
    ("a text for a number", _HEAD + b"drizzle:\n  final_pixfrac: abc\n", "must be a number"),
    ("an interpolation of nothing", _HEAD + b"name: ${nope}\n", "${nope} names no key"),
    ("an open interpolation", _HEAD + b"name: ${nope\n", "or not closed"),
    ("two that refer to each other", _HEAD + b"name: ${title}\ntitle: ${name}\n", "to itself"),
    ("something to call", _HEAD + b"hydra:\n  callbacks:\n    x:\n      _target_: os.system\n",
     "may only name what"),
    ("hydra: 5", _HEAD + b"hydra: 5\n", "hydra: must be given by its keys"),
    ("no callback", _HEAD + b"hydra:\n  callbacks:\n    study: null\n", "must stay"),
    ("swept null", _HEAD + b"hydra:\n  sweeper:\n    params:\n      drizzle.final_scale: null\n",
     "must have a value"),
)  # fmt: skip


def typed_settings() -> list[BrokenSetting]:
    """Return what is wrong whatever the exposures are."""
    return _rows(_TYPED)


def started_settings() -> list[BrokenSetting]:
    """Return what is wrong for files that are named, or for other keys."""
    return _rows(_STARTED)


def _rows(table: dict[str, tuple[tuple[str, str], ...]]) -> list[BrokenSetting]:
    return [BrokenSetting(kind, *row) for kind, rows in table.items() for row in rows]
