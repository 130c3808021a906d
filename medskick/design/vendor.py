"""Renews the vendored files: ``python -m medskick.design.vendor``.

This needs Node's npm, uv and the network; running and testing the site needs none of them.

What it fetches is named in WANTED, what it wrote is in static/vendor/vendor.lock.json (name, version, licence, sha512);
tests/test_vendor.py compares the sums. The text face is cut to the signs that Swedish and its neighbours need.
"""

import hashlib
import json
import shutil
import subprocess  # noqa: S404 - runs npm and the font subsetter, with fixed arguments
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
TEST_VENDOR = Path(__file__).parent.parent.parent / "tests" / "vendor"
LOCK = VENDOR / "vendor.lock.json"
PACKAGES = {
    "htmx.org": "4.0.1",
    "@digdir/designsystemet-css": "1.22.0",
    "@fontsource-variable/source-sans-3": "5.3.0",
    "axe-core": "4.14.1",
}
# The parts of Designsystemet that we use; the rest stays away from people's phones.
PARTS = ("link", "button", "label", "input", "field", "fieldset", "details", "table", "divider")
SIGNS = (
    "U+0020-007E,U+00A0-00FF,U+0131,U+0141-0142,U+0152-0153,U+0160-0161,U+017D-017E,U+2010-2015,U+2018-201E,U+2020-2022,"
    "U+2026,U+2030,U+2032-2033,U+2039-203A,U+20AC,U+2212,U+2248,U+2260,U+2264-2265"
)
SPDX = {"BSD-0-Clause": "0BSD"}  # a package's own word for a licence, and the listed one
FONT_TOOLS = "fonttools[woff]==4.60.1"


@dataclass(frozen=True)
class Wanted:
    """One file that we keep: from a path inside a package to a path inside a folder of ours."""

    package: str
    source: str
    target: Path


WANTED = (
    Wanted("htmx.org", "dist/htmx.min.js", VENDOR / "htmx" / "htmx.min.js"),
    Wanted("htmx.org", "dist/ext/hx-csp.min.js", VENDOR / "htmx" / "hx-csp.min.js"),
    Wanted("htmx.org", "LICENSE", VENDOR / "htmx" / "LICENSE.txt"),
    Wanted("@digdir/designsystemet-css", "LICENSE", VENDOR / "designsystemet" / "LICENSE.txt"),
    Wanted("@fontsource-variable/source-sans-3", "LICENSE", VENDOR / "source-sans-3" / "LICENSE.txt"),
    Wanted("axe-core", "axe.min.js", TEST_VENDOR / "axe-core" / "axe.min.js"),
    Wanted("axe-core", "LICENSE", TEST_VENDOR / "axe-core" / "LICENSE.txt"),
)


def _run(*arguments: str, folder: Path) -> None:
    program = shutil.which(arguments[0])
    if program is None:
        raise SystemExit(f"{arguments[0]} is needed to renew the vendored files, and was not found.")
    subprocess.run([program, *arguments[1:]], cwd=folder, check=True)  # noqa: S603


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("//# sourceMappingURL=")]
    target.write_text("\n".join(lines).rstrip() + "\n")


def _designsystemet(package: Path) -> Path:
    """The chosen parts in one file, in the layers that the whole has."""
    target = VENDOR / "designsystemet" / "designsystemet.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    source = package / "dist" / "src"
    parts = "\n".join((source / f"{part}.css").read_text().strip() for part in PARTS)
    base = (source / "base.css").read_text().strip()
    target.write_text(f"@layer ds.base{{{base}}}\n@layer ds.components{{{parts}}}\n")
    return target


def _font(package: Path) -> Path:
    target = VENDOR / "source-sans-3" / "source-sans-3.woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    source = package / "files" / "source-sans-3-latin-wght-normal.woff2"
    features = "kern,liga,pnum,ccmp,locl,mark,mkmk"
    arguments = (f"--unicodes={SIGNS}", f"--layout-features={features}", "--flavor=woff2", f"--output-file={target}")
    _run("uv", "tool", "run", "--from", FONT_TOOLS, "pyftsubset", str(source), *arguments, folder=VENDOR)
    return target


def sha512(path: Path) -> str:
    """The file's sum as the lock file writes it."""
    return hashlib.sha512(path.read_bytes()).hexdigest()


def _write_lock(made: list[tuple[str, Path]], modules: Path) -> None:
    root = VENDOR.parents[3]
    entries = []
    for package, path in sorted(made, key=lambda pair: str(pair[1])):
        facts = json.loads((modules / package / "package.json").read_text())
        entries.append(
            {
                "file": str(path.relative_to(root)),
                "name": package,
                "version": facts["version"],
                "licence": SPDX.get(facts["license"], facts["license"]),
                "sha512": sha512(path),
            }
        )
    LOCK.write_text(json.dumps(entries, indent=1) + "\n")


def main() -> None:
    """Fetch, cut, copy, and write the lock file."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}))
        _run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
        modules = folder / "node_modules"
        for wanted in WANTED:
            _copy(modules / wanted.package / wanted.source, wanted.target)
        made = [(wanted.package, wanted.target) for wanted in WANTED]
        made.append(("@digdir/designsystemet-css", _designsystemet(modules / "@digdir" / "designsystemet-css")))
        made.append(("@fontsource-variable/source-sans-3", _font(modules / "@fontsource-variable" / "source-sans-3")))
        _write_lock(made, modules)


if __name__ == "__main__":
    main()
