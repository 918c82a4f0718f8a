"""The house: arrows run one way, engines have one importer, the shop window is what it says."""

import ast
from pathlib import Path

import lifecycle

PACKAGE = Path(lifecycle.__file__).parent

# Each floor imports only floors above it in this list (itself included).
FLOORS = (
    ("plain", "disk"),
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
    ("changes", "verdict"),
    ("judge",),
    ("steps",),
    ("outlook", "admission", "plan"),
    ("weighing",),
    ("audit",),
    ("memos",),
    ("agreement",),
    ("store_contract",),
    ("files", "repository", "words", "testing", "publishing", "rereading", "schema", "proving"),
    ("views",),
    ("diagrams",),
    ("reporting",),
    ("portfolio",),
    ("demo", "cli"),
)

ENGINES = {
    "pendulum": {"days"},
    "cattrs": {"structuring"},
    "transitions": {"machine"},
    "cyclopts": {"cli"},
    "rich": {"cli"},
    "icalendar": {"reporting"},
    "mermaidx": {"diagrams"},
    "numpy": {"portfolio"},
    "pyarrow": {"portfolio"},
}
PARTS = ("terms", "proving", "diagrams", "reporting", "portfolio", "cli")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def modules() -> list[tuple[str, Path]]:
    """Every module but the shop window, under its own name or that of the part it belongs to."""
    found = [(path.stem, path) for path in PACKAGE.glob("*.py") if path.stem != "__init__"]
    return found + [(part, path) for part in PARTS for path in (PACKAGE / part).glob("*.py")]


def test_arrows_run_one_way() -> None:
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    assert {name for name, _ in modules()} == set(floor)
    for name, path in modules():
        for imported in imports(path):
            package, _, rest = imported.partition(".")
            if package == "lifecycle" and rest:
                target = rest.partition(".")[0]
                assert floor[target] <= floor[name], f"{name} imports {target}"


def test_each_engine_has_one_importer() -> None:
    for engine, allowed in ENGINES.items():
        importers = {name for name, path in modules() if any(i.partition(".")[0] == engine for i in imports(path))}
        assert importers == allowed, engine


def test_nothing_below_the_edges_reads_a_clock_or_does_io() -> None:
    edges = {"disk", "files", "repository", "demo", "loading", "schema"}
    for path in PACKAGE.rglob("*.py"):
        if path.stem not in edges and path.parent.name != "cli":
            called = {
                ast.unparse(n.func)
                for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(n, ast.Call)
            }
            names = {call.rpartition(".")[2] for call in called}
            assert not names & {
                "now",
                "today",
                "utcnow",
                "time",
                "monotonic",
                "open",
                "print",
                "getLogger",
                "eval",
                "exec",
            }, path.stem


def test_the_shop_window_has_at_most_twenty_names_sorted() -> None:
    assert len(lifecycle.__all__) <= 20
    assert sorted(lifecycle.__all__) == lifecycle.__all__
    assert all(hasattr(lifecycle, name) for name in lifecycle.__all__)


def test_no_count_of_days_stands_in_the_code() -> None:
    """A count of days, like 10, 30 or 60, belongs in the Terms."""
    for path in PACKAGE.rglob("*.py"):
        numbers = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and type(node.value) is int
        }
        assert not numbers & {30, 60, 90, 365}, path.stem
