"""What the import contracts cannot see: one engine reaching into another by a string.

A foreign key to "plan.Need", apps.get_model("plan", ...), a template that includes another engine's template, and an
address by another engine's url name tie engines together without an import. Nothing at or below the engines does.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "medskick"
ENGINES = ("dialog", "plan", "services", "measure")
BOUND = (*ENGINES, "kernel", "design", "lib")
KEYS = ("ForeignKey", "OneToOneField", "ManyToManyField")

INCLUDED = re.compile(r"""\{%-?\s*(?:include|extends)\s+["']([\w/.-]+)["']""")
ADDRESSED = re.compile(r"""\{%-?\s*url\s+["']([\w:.-]+)["']""")


def references_into_other_engines(package: Path) -> list[str]:
    """`file:line: what`, for every key or model name written as a string that names another engine's app."""
    found = []
    for room in BOUND:
        for path in sorted((package / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                for what, label in _models_named(node):
                    if label.partition(".")[0] in set(ENGINES) - {room}:
                        found.append(f"{path.relative_to(package)}:{node.lineno}: {what} to {label}")
    return found


def _models_named(node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    values = [
        *node.args[:1],
        *(keyword.value for keyword in node.keywords if keyword.arg in ("to", "through", "app_label")),
    ]
    if name in KEYS or name in ("get_model", "get_app_config"):
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield name, value.value


def names_of_other_engines(package: Path) -> list[str]:
    """Templates and url names of another engine, in templates and in code."""
    owner_of = {name: engine for engine in ENGINES for name in _url_names(package / engine)}
    found = []
    for room in BOUND:
        others = set(ENGINES) - {room}
        for path in sorted(path for path in (package / room).rglob("*") if path.suffix in (".html", ".txt", ".py")):
            for line, text in enumerate(path.read_text().splitlines(), start=1):
                for name in _templates_named(text, path):
                    if name.partition("/")[0] in others:
                        found.append(f"{path.relative_to(package)}:{line}: template {name}")
                for name in _urls_named(text, path):
                    if owner_of.get(name, name.partition(":")[0]) in others:
                        found.append(f"{path.relative_to(package)}:{line}: url {name}")
    return found


def _templates_named(text: str, path: Path) -> list[str]:
    return (
        re.findall(r"""["']([\w-]+/[\w/-]+\.(?:html|txt))""", text) if path.suffix == ".py" else INCLUDED.findall(text)
    )


def _urls_named(text: str, path: Path) -> list[str]:
    if path.suffix != ".py":
        return ADDRESSED.findall(text)
    return re.findall(r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w:.-]+)["']""", text)


def _url_names(engine: Path) -> list[str]:
    return [
        keyword.value.value
        for path in engine.rglob("urls.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    ]


def test_no_key_reaches_into_another_engine() -> None:
    assert references_into_other_engines(PACKAGE) == []


def test_no_template_or_address_reaches_into_another_engine() -> None:
    assert names_of_other_engines(PACKAGE) == []


def test_a_template_and_an_address_that_reach_over_are_found(tmp_path: Path) -> None:
    files = {
        "plan/urls.py": 'urlpatterns = [path("behov", view, name="needs")]\n',
        "plan/templates/plan/list.html": '{% url "needs" %}{% include "plan/row.html" %}\n',
        "dialog/templates/dialog/page.html": '\n{% include "plan/row.html" %}\n{% url "needs" %}\n',
        "kernel/views.py": 'redirect("needs")\nrender(request, "services/case.html")\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert names_of_other_engines(tmp_path) == [
        "dialog/templates/dialog/page.html:2: template plan/row.html",
        "dialog/templates/dialog/page.html:3: url needs",
        "kernel/views.py:1: url needs",
        "kernel/views.py:2: template services/case.html",
    ]


def test_flows_have_no_tables() -> None:
    """What a flow decides is stored by the engines it ties together, and as kernel links."""
    assert sorted(path.name for path in (PACKAGE / "flows").rglob("models.py")) == []
    assert [path for path in (PACKAGE / "flows").rglob("migrations/*.py") if path.name != "__init__.py"] == []
