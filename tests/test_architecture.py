"""Which part may lean on which, and what no part may do; read from the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("classifier", "training", "review")
DOORS = ("app", "cli")
FILES = sorted(
    path
    for place in (*PARTS, *(f"{door}.py" for door in DOORS))
    for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    if path.exists()
)
OWN = {*PARTS, *DOORS, "tests"}
MAY_LEAN_ON = {
    "classifier": set(),
    "training": {"classifier"},
    "review": {"classifier", "training"},
    "app": {"classifier", "review"},
    "cli": {"classifier", "training", "review", "app"},
}
NEVER_IMPORTED = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"}
NEVER_CALLED = {
    *("eval", "exec", "compile", "__import__", "pickle.load", "pickle.loads", "joblib.load"),
    *("torch.load", "yaml.load", "pd.read_pickle", "pandas.read_pickle", "os.system"),
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


every_file = pytest.mark.parametrize("path", FILES, ids=name_of)


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree):
    """Top-level names that a tree imports, also inside functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports say the whole path"
            names.add(node.module.split(".")[0])
    return names


def called(tree):
    """Dotted names that a tree calls."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def strings(tree):
    """Every text in a tree."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_the_files_are_found():
    names = {name_of(path) for path in FILES}
    assert {"classifier/evidence.py", "training/train.py", "app.py"} <= names


@every_file
def test_a_part_leans_only_on_those_below_it(path):
    part = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert imported(tree_of(path)) & OWN - {part} <= MAY_LEAN_ON[part]


@every_file
def test_only_the_screens_know_streamlit(path):
    if path.relative_to(ROOT).parts[0] in ("classifier", "training"):
        assert "streamlit" not in imported(tree_of(path))


@every_file
def test_nothing_unpickles_or_evaluates(path):
    tree = tree_of(path)
    assert imported(tree) & NEVER_IMPORTED == set()
    assert called(tree) & NEVER_CALLED == set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert ast.unparse(node.value) == "False"


@every_file
def test_every_array_is_loaded_without_pickles(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load"):
            assert "allow_pickle" in {keyword.arg for keyword in node.keywords}


@every_file
def test_no_path_leads_out_of_the_project(path):
    out = [text for text in strings(tree_of(path)) if "shared/" in text or "/work/" in text]
    assert out == []


@pytest.mark.parametrize("part", ["classifier", "training"])
def test_the_core_writes_nothing_to_the_terminal(part):
    loud = [
        name_of(path)
        for path in (ROOT / part).rglob("*.py")
        if {"print", "logging.getLogger"} & called(tree_of(path))
    ]
    assert [name for name in loud if name != "training/vectors.py"] == []


@pytest.mark.parametrize(
    ("source", "imports", "calls"),
    [
        ("def f():\n    import review.session", {"review"}, set()),
        ("from training import train\neval('1')", {"training"}, {"eval"}),
        ("import joblib\njoblib.load('x')", {"joblib"}, {"joblib.load"}),
    ],
)
def test_the_checks_see_hidden_imports_and_calls(source, imports, calls):
    tree = ast.parse(source)
    assert imported(tree) == imports
    assert called(tree) == calls
