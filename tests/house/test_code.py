"""House rules that imports cannot guard."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT, calls, modules, name, tree, uses

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 50
WALL_CLOCK = {
    "datetime.now",
    "datetime.datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
ENVIRONMENT = {
    "os.environ",
    "os.getenv",
    "pydantic_settings.BaseSettings",
    "pydantic_settings.main.BaseSettings",
}
SESSION_NAMES = {"Session", "Sessions", "Connection", "Engine", "create_engine"}
RUNNING = {
    "begin",
    "connect",
    "exec",
    "exec_driver_sql",
    "execute",
    "flush",
    "reading",
    "scalar",
    "scalars",
    "stream",
}


def test_no_module_commits_or_rolls_back_by_hand() -> None:
    found = _modules_that_call({"commit", "rollback"}, modules("service", "integrations"))

    assert found == []


def test_no_migration_commits_or_rolls_back_by_hand() -> None:
    assert _modules_that_call({"commit", "rollback"}, modules("migrations")) == []


def test_the_wall_clock_is_read_in_one_module() -> None:
    assert _modules_that_use(WALL_CLOCK) == ["service/unbroken/kit/clock.py"]


def test_the_environment_is_read_in_one_module() -> None:
    assert _modules_that_use(ENVIRONMENT) == ["service/unbroken/kit/settings.py"]


def test_source_roots_are_not_packages() -> None:
    roots = [ROOT / "service" / "__init__.py", ROOT / "integrations" / "__init__.py"]

    assert [name(at) for at in roots if at.exists()] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {at.parent for at in modules()}

    assert [name(at) for at in sorted(folders) if not (at / "__init__.py").exists()] == []


def test_no_module_is_too_long() -> None:
    lengths = {name(at): len(at.read_text("utf-8").splitlines()) for at in _all_modules()}
    too_long = {at: lines for at, lines in lengths.items() if lines > MOST_LINES_OF_A_MODULE}

    assert too_long == {}


def test_no_function_is_too_long() -> None:
    assert [where for at in _all_modules() for where in _long_functions(at)] == []


def test_imports_stand_at_the_top_except_in_the_command_line() -> None:
    elsewhere = [at for at in modules() if "service/unbroken/cli/" not in name(at)]

    assert [where for at in elsewhere for where in _inner_imports(at)] == []


def test_rules_of_gaps_hold_no_session_and_run_nothing() -> None:
    rules = modules("service/unbroken/gaps/rules")
    holding = [name(at) for at in rules if _imported_names(at) & SESSION_NAMES]

    assert rules, "service/unbroken/gaps/rules has no modules"
    assert holding == []
    assert _modules_that_call(RUNNING, rules) == []


def test_wiring_knows_every_module_of_models() -> None:
    tables = [at for at in modules("service") if _has_tables(at)]
    loaded = _loaded_by_wiring()

    assert [name(at) for at in tables if _module_name(at) not in loaded] == []


def _all_modules() -> list[Path]:
    return modules("service", "integrations", "tests", "migrations/env.py")


def _modules_that_call(names: set[str], among: list[Path]) -> list[str]:
    return [name(at) for at in among if calls(at) & names]


def _modules_that_use(names: set[str]) -> list[str]:
    return [name(at) for at in modules() if uses(at) & names]


def _imported_names(at: Path) -> set[str]:
    imports = [node for node in ast.walk(tree(at)) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def _long_functions(at: Path) -> list[str]:
    found = []
    for node in ast.walk(tree(at)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                found.append(f"{name(at)}:{node.lineno} {node.name} ({lines} lines)")
    return found


def _inner_imports(at: Path) -> list[str]:
    return [
        f"{name(at)}:{inner.lineno}"
        for function in ast.walk(tree(at))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def _has_tables(at: Path) -> bool:
    classes = [node for node in ast.walk(tree(at)) if isinstance(node, ast.ClassDef)]
    return any(word.arg == "table" for node in classes for word in node.keywords)


def _module_name(at: Path) -> str:
    parts = list(at.relative_to(ROOT / "service").with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _loaded_by_wiring() -> set[str]:
    """Return what is loaded once wiring has named every table; asked in a process of its own."""
    script = "import sys; from unbroken import wiring; wiring.metadata(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
