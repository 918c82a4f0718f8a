"""The house: arrows run one way, engines have one importer, the shop window is what it says."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lifecycle
from tests.seeded_faults import HOME, faults, unfit

PACKAGE = Path(lifecycle.__file__).parent

# Each floor imports only floors above it in this list (itself included).
FLOORS = (
    ("plain", "disk", "values"),
    ("errors",),
    ("days",),
    ("answers",),
    ("windows",),
    ("structuring",),
    ("terms",),
    ("events",),
    ("history",),
    ("store",),
    ("matters",),
    ("versions",),
    ("writing", "acting"),
    ("docket",),
    ("chronicle",),
    ("reasons",),
    ("powers",),
    ("policy", "supposing"),
    ("machine",),
    ("phases", "holds"),
    ("course",),
    ("changes", "seen", "verdict"),
    ("judge",),
    ("steps",),
    ("duties", "admission", "plan"),
    ("outlook",),
    ("bearing",),
    ("weighing",),
    ("audit",),
    ("memos",),
    ("agreement",),
    ("store_contract",),
    ("files", "repository", "words", "testing", "strategies", "publishing", "rereading", "schema", "proving"),
    ("views",),
    ("diagrams",),
    ("reporting",),
    ("portfolio",),
    ("demo", "cli"),
)

# An engine and where it may be imported: in one module, or where it is the language of a part, in that part.
ENGINES = {
    "pendulum": {"days"},
    "cattrs": {"structuring"},
    "transitions": {"machine"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "hypothesis": {"strategies"},
    "icalendar": {"reporting.calendar"},
    "mermaidx": {"diagrams.png"},
    "numpy": {"portfolio"},
    "pyarrow": {"portfolio.tables", "portfolio.batches", "portfolio.parquet"},
}
PARTS = ("terms", "proving", "diagrams", "reporting", "portfolio", "cli")
# What may open a file: the floor for it, the edges, and what reads a file that lies in the package.
OPENING = {"disk", "files", "demo", "schema", "portfolio.sweeping"}
READING = {"terms.loading", "terms.drafting", "reporting.drawing", "reporting.page"}


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> frozenset[str]:
    """What a module imports, by its full name: ``from lifecycle import disk`` imports ``lifecycle.disk``."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            assert node.module, f"{path.stem} imports relatively"
            assert node.level == 0, f"{path.stem} imports relatively"
            inside = node.module == "lifecycle" or node.module.removeprefix("lifecycle.") in PARTS
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in names if inside and is_module(name)} or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found)


def is_module(name: str) -> bool:
    place = PACKAGE.joinpath(*name.split(".")[1:])
    return place.is_dir() or place.with_suffix(".py").exists()


def modules() -> list[tuple[str, Path]]:
    """Every module but the shop window: ``days``, ``terms.model``, ``terms`` for that part's own window."""
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
    return [
        (".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"), path) for path in found
    ]


@cache
def called(path: Path) -> frozenset[str]:
    """The last names of what a module calls: ``open`` of ``os.open``."""
    calls = (node for node in nodes(path) if isinstance(node, ast.Call))
    return frozenset(ast.unparse(call.func).rpartition(".")[2] for call in calls)


def test_arrows_run_one_way() -> None:
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    assert {name.partition(".")[0] for name, _ in modules()} == set(floor)
    assert {name.partition(".")[0] for name, _ in modules() if "." in name} == set(PARTS)
    for name, path in modules():
        for imported in imports(path):
            package, _, rest = imported.partition(".")
            if package == "lifecycle" and is_module(imported) and rest:
                target = rest.partition(".")[0]
                assert floor[target] <= floor[name.partition(".")[0]], f"{name} imports {target}"


def test_inside_a_part_no_module_imports_itself_in_a_circle() -> None:
    """A part's own window imports its modules, and is imported from outside of it."""
    inner = {
        f"lifecycle.{name}": {i for i in imports(path) if i.startswith(f"lifecycle.{name.partition('.')[0]}.")}
        for name, path in modules()
        if "." in name
    }
    TopologicalSorter(inner).prepare()  # raises CycleError, which names the circle


def test_each_engine_is_imported_where_it_is_wrapped() -> None:
    for engine, allowed in ENGINES.items():
        importers = {name for name, path in modules() if any(i.partition(".")[0] == engine for i in imports(path))}
        assert {name if name in allowed else name.partition(".")[0] for name in importers} == allowed, engine


def test_classes_below_the_command_share_one_repr() -> None:
    for name, path in modules():
        if not name.startswith("cli.") and name != "values":
            taken = (node for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module == "attrs")
            names = {alias.name for node in taken for alias in node.names}
            assert not names & {"frozen", "define"}, f"{name}: lifecycle.values has them"


def test_nothing_below_the_command_reads_a_clock_or_evaluates_text() -> None:
    clocks = {"now", "today", "utcnow", "time", "monotonic", "perf_counter"}
    for name, path in modules():
        if not name.startswith("cli."):
            assert not called(path) & {*clocks, "eval", "exec", "import_module", "getLogger"}, name
        if not name.startswith(("cli.", "demo")):
            assert "print" not in called(path), name


def test_nothing_below_the_edges_does_io() -> None:
    for name, path in modules():
        if not name.startswith("cli.") and name not in OPENING:
            assert not called(path) & {"write_text", "write_bytes", "mkdir", "unlink", "rename"}, name
            assert name == "repository" or "open" not in called(path), name  # its own open
            assert name in READING or not called(path) & {"read_text", "read_bytes"}, name


def test_the_shop_window_has_at_most_twenty_names_sorted() -> None:
    assert len(lifecycle.__all__) <= 20
    assert sorted(lifecycle.__all__) == lifecycle.__all__
    assert all(hasattr(lifecycle, name) for name in lifecycle.__all__)
    assert set(lifecycle.__all__) <= set(dir(lifecycle))


def test_type_checkers_see_in_the_shop_window_what_is_there() -> None:
    window = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    seen = [node for node in ast.walk(window) if isinstance(node, ast.ImportFrom) and node.module != "typing"]
    homes = {alias.name: str(node.module) for node in seen for alias in node.names if node.module != "importlib"}
    assert sorted(homes) == lifecycle.__all__
    for name, home in homes.items():
        assert getattr(lifecycle, name) is getattr(sys.modules[home], name), name


def test_a_name_that_is_not_in_the_shop_window_is_missed_at_once() -> None:
    with pytest.raises(AttributeError, match="'lifecycle' has no attribute 'Agrement'"):
        lifecycle.Agrement  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import lifecycle", {"attrs", *(f"lifecycle.{name}" for name, _ in modules())}),
        ("from lifecycle import Agreement", {"cattrs", "pendulum", "transitions", "tomllib", "hashlib", "tempfile"}),
        ("import lifecycle.cli.app", {"lifecycle.reporting", "lifecycle.proving", "lifecycle.portfolio"}),
    ],
)
def test_what_is_not_used_is_not_imported(statement: str, absent: set[str]) -> None:
    told = f"import sys\n{statement}\nprint(*sys.modules)"
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", told], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert absent & set(ran.stdout.split()) == set()


def test_every_seeded_fault_has_its_text_in_the_code_once_and_its_test() -> None:
    """``make faults`` takes long; whoever changes such a line or renames such a test is told here."""
    for fault in faults():
        assert (PACKAGE / fault.file).read_text(encoding="utf-8").count(fault.old) == 1, f"{fault.file}: {fault.old}"
        path, name = fault.test.split("::")[:2]
        body = ast.parse((HOME / path).read_text(encoding="utf-8")).body
        assert name in {defined for node in body for defined in names_of(node)}, fault.test


def names_of(node: ast.stmt) -> set[str]:
    """What a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return {t.id for t in node.targets if isinstance(t, ast.Name)} if isinstance(node, ast.Assign) else set()


def test_a_test_that_fails_without_a_fault_is_told_before_any_is_seeded(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_yes(): pass\ndef test_no(): assert not 1\n", encoding="utf-8")
    assert unfit(["test_one.py::test_yes"], tmp_path) == ""
    assert "1 failed, 1 passed" in unfit(["test_one.py::test_yes", "test_one.py::test_no"], tmp_path)
    assert "not found: " in unfit(["test_one.py::test_gone"], tmp_path)


@pytest.mark.parametrize("module", ["modal", "clauses"])
def test_the_oracle_takes_of_the_library_only_the_names_of_events(module: str) -> None:
    """What the library computes, the walk computes by other means."""
    path = HOME / "tests" / "oracle" / f"{module}.py"
    assert {name for name in imports(path) if name.partition(".")[0] == "lifecycle"} <= {"lifecycle.events"}
    ours = {name for name in imports(path) if name.partition(".")[0] == "tests"}
    assert ours <= {"tests.oracle.clauses"}, "and of the tests only its own table"
    assert not called(path) & {"import_module", "__import__"}


def test_no_count_of_days_stands_in_the_code() -> None:
    """A count of days, like 10, 30 or 60, belongs in the Terms."""
    for path in PACKAGE.rglob("*.py"):
        numbers = {node.value for node in nodes(path) if isinstance(node, ast.Constant) and type(node.value) is int}
        assert not numbers & {30, 60, 90, 365}, path.stem
