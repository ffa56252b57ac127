"""Who may import whom, and what may happen while modules are imported; the rules stand here as data."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

import intent_assets

PACKAGE = "intent_assets"
ROOT = Path(intent_assets.__file__).parent

LAYERS = {
    "ground": ("claims", "errors", "masking", "records", "reports", "settings"),
    "base": ("tables", "wire", "migrations"),
    "files": (
        "durable",
        "domain_lock",
        "spool",
        "values",
        "run_values",
        "intake.inbox",
        "intake.stored",
        "intake.refusals",
    ),
    "graph": ("partitions", "jobs"),
    "resources": ("resources", "resources.*", "outbox", "liveness", "tries", "instance_storage", "run_launcher"),
    "assets": ("assets", "assets.*"),
    "sensors": ("sensors", "sensors.*", "run_history"),
    "sandbox": ("sandbox", "sandbox.*"),
    "wiring": ("definitions", "instance", "launch", "run_worker"),
    "door": ("intake.door", "intake.door_*"),
    "cli": ("cli", "cli_*"),
}
"""Layer -> its modules; a module that stands nowhere here is `pure`, the strictest kind."""

PURE = {"ground", "base", "pure"}
BELOW_ASSETS = PURE | {"files", "graph", "resources"}
MAY_IMPORT = {
    "ground": {"ground"},
    "base": {"ground", "base"},
    "pure": PURE,
    "files": PURE | {"files"},
    "graph": PURE | {"graph"},
    "resources": PURE | {"files", "resources"},
    "assets": BELOW_ASSETS | {"assets"},
    "sensors": BELOW_ASSETS | {"sensors"},
    "sandbox": {"ground", "sandbox"},
    "wiring": BELOW_ASSETS | {"assets", "sensors", "wiring"},
    "door": BELOW_ASSETS | {"sensors", "wiring", "door"},
    "cli": BELOW_ASSETS | {"assets", "sensors", "wiring", "door", "sandbox", "cli"},
}

HTTP = {"httpx", "requests", "aiohttp", "fastapi", "starlette", "uvicorn", "http", "socket", "urllib.request"}
DATABASES = {"duckdb", "sqlite3", "sqlalchemy"}
SDKS = {"anthropic", "notion_client"}
NEVER = {layer: HTTP | DATABASES | SDKS | {"dagster"} for layer in ("ground", "base", "pure", "files")}
NEVER["graph"] = HTTP | DATABASES | SDKS
NEVER["sandbox"] = SDKS | {"dagster"}
"""Layer -> foreign packages that it imports nowhere, not even inside a function."""

HEAVY = SDKS | {"duckdb", "httpx", "pandas", "pyarrow", "upath"}
LOADED_WITH_DEFINITIONS = {"graph", "resources", "assets", "sensors", "wiring"}
"""Layers whose modules import the heavy packages only inside functions: loading the definitions stays quick."""

READERS_OF_ENVIRONMENT = {"environ", "getenv", "load_settings", "load_services", "Settings", "Services", "load_dotenv"}


class Import(NamedTuple):
    name: str
    line: int
    while_loading: bool
    relative: bool


def layer_of(module: str) -> str:
    """Return the layer of a module, given without the package's name."""
    matching = (layer for layer, names in LAYERS.items() if any(fnmatch(module, name) for name in names))
    return next(matching, "pure")


def nodes(tree: ast.AST, while_loading: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """Give every node but those under `if TYPE_CHECKING`, and whether it runs while the module is imported."""
    late = {"body"} if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else set()
    for name, value in ast.iter_fields(tree):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            checked_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            node = (
                ast.Module(body=child.orelse, type_ignores=[]) if isinstance(child, ast.If) and checked_only else child
            )
            yield node, while_loading and name not in late
            yield from nodes(node, while_loading and name not in late)


def imports(tree: ast.Module, known: set[str]) -> Iterator[Import]:
    for node, while_loading in nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, while_loading, relative=False)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                name = whole if whole in known or whole in HTTP else (node.module or "")
                yield Import(name, node.lineno, while_loading, relative=node.level > 0)


def is_of(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def violations(module: str, source: str, known: set[str]) -> Iterator[str]:
    layer, tree = layer_of(module), ast.parse(source)
    for found in imports(tree, known):
        where = f"{module} (layer {layer}), line {found.line}: "
        if found.relative:
            yield where + "a relative import"
        elif is_of(found.name, {PACKAGE}):
            other = found.name.removeprefix(PACKAGE).removeprefix(".")
            if other and layer_of(other) not in MAY_IMPORT[layer]:
                yield where + f"imports {other} (layer {layer_of(other)})"
        elif is_of(found.name, NEVER.get(layer, set())):
            yield where + f"imports {found.name}"
        elif found.while_loading and layer in LOADED_WITH_DEFINITIONS and is_of(found.name, HEAVY):
            yield where + f"imports {found.name} while it is loaded"
    for node, while_loading in nodes(tree):
        used = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if while_loading and used == "environ":
            yield f"{module}: reads the environment while it is loaded"
        if while_loading and isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in READERS_OF_ENVIRONMENT:
                yield f"{module}, line {node.lineno}: calls {called} while it is loaded"


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def test_every_module_keeps_the_rules() -> None:
    found = modules()
    known = {f"{PACKAGE}.{name}" for name in found}
    broken = [line for name, path in found.items() for line in violations(name, path.read_text("utf-8"), known)]
    assert broken == []


def test_every_layer_has_its_rules_and_its_modules() -> None:
    assert set(MAY_IMPORT) == {*LAYERS, "pure"}
    names = set(modules())
    absent = [rule for rules in LAYERS.values() for rule in rules if not any(fnmatch(name, rule) for name in names)]
    assert absent == []


@pytest.mark.parametrize(
    ("module", "source", "broken"),
    [
        pytest.param("scoring", "import pandas as pd", False, id="a pure file may use pandas"),
        pytest.param("scoring", "from dagster import asset", True, id="a pure file knows nothing of Dagster"),
        pytest.param("scoring", "def f():\n    import httpx", True, id="no HTTP in a pure file, not even late"),
        pytest.param("scoring", "import urllib.parse", False, id="taking a URL apart is no HTTP"),
        pytest.param("scoring", "from urllib import request", True, id="fetching one is"),
        pytest.param("scoring", "from intent_assets.resources.notion import Notion", True, id="pure over a resource"),
        pytest.param("scoring", "from intent_assets import records", False, id="records are for all"),
        pytest.param("scoring", "from .records import Reply", True, id="a relative import"),
        pytest.param("records", "from intent_assets.scoring import f", True, id="the ground stands on nothing of ours"),
        pytest.param("resources.x", "import duckdb", True, id="a heavy package in a module of the definitions"),
        pytest.param("resources.x", "class A:\n    import duckdb", True, id="a class body runs while loading, too"),
        pytest.param("resources.x", "def f():\n    import duckdb", False, id="heavy, but late"),
        pytest.param(
            "resources.x",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas",
            False,
            id="heavy, but only for the type checker",
        ),
        pytest.param(
            "resources.x",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pandas import A\nelse:\n    import pandas",
            True,
            id="heavy for all but the type checker",
        ),
        pytest.param(
            "resources.x", "from intent_assets.sandbox.core import S", True, id="only commands start stand-ins"
        ),
        pytest.param("cli_demo", "from intent_assets.sandbox.core import S", False, id="a command may"),
        pytest.param("sandbox.x", "from intent_assets.scoring import f", True, id="a stand-in does not know our work"),
        pytest.param("resources.x", "import os\nHOME = os.environ['HOME']", True, id="environment while loading"),
        pytest.param("resources.x", "import os\nHOME = os.getenv('HOME')", True, id="the same by another name"),
        pytest.param("assets.x", "S = load_settings()", True, id="settings while loading"),
        pytest.param("assets.x", "def f(s=load_settings()): ...", True, id="a default runs while loading"),
        pytest.param("assets.x", "def f():\n    return load_settings()", False, id="settings when a step runs"),
    ],
)
def test_the_rules_find_what_breaks_them(module: str, source: str, broken: bool) -> None:
    known = {f"{PACKAGE}.{name}" for name in modules()}
    assert bool(list(violations(module, source, known))) is broken


@pytest.mark.parametrize(("module", "not_loaded"), [("definitions", HEAVY), ("cli", HEAVY | {"dagster"})])
def test_loading_needs_no_variable_and_no_heavy_package(tmp_path: Path, module: str, not_loaded: set[str]) -> None:
    script = f"import sys, intent_assets.{module}; print(*sorted({not_loaded!r} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT.parent)},
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (answer.stdout.strip(), answer.returncode) == ("", 0), answer.stderr
    assert list(tmp_path.iterdir()) == []
