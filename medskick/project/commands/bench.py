"""medskick bench NAME."""

import argparse
import ast
import importlib
import inspect
import json
import sys
from pathlib import Path

from medskick.project.commands import CommandProblem
from medskick.project.places import PACKAGE_DIR

HELP = "Measure one thing and hold it against its aims: bench NAME [--json] [--quick]."
ABOUT = (
    HELP + "\n\nEach bench builds its data once, into var/bench (or MEDSKICK_BENCH_CACHE), with a database of its own."
)
DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="left out: list what there is")
    parser.add_argument("--json", action="store_true", help="print one object: figures, peers, ratios, aims")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, the same sizes")
    parser.add_argument("--long", action="store_true", default=None, help="kills: 1,000 instead of 100")
    parser.add_argument("--kills", type=int, metavar="N", help="kills: how many")
    parser.add_argument("--seed", type=int, metavar="N", help="kills: the same moments and victims again")


def run(options: argparse.Namespace) -> int:
    there = benches()
    if options.name is None:
        print("\n".join(f"{name:<12} {title}" for name, title in there.items()))
        return 0
    if options.name not in there:
        raise CommandProblem(f"There is no bench {options.name}. There are: {', '.join(there)}.")
    # By name, since nothing below the benches may know them.
    bench = importlib.import_module(f"medskick.bench.{options.name}")
    more = {name: getattr(options, name) for name in ("long", "kills", "seed") if getattr(options, name) is not None}
    unknown = set(more) - set(inspect.signature(bench.run).parameters)
    if unknown:
        raise CommandProblem(f"The bench {options.name} has no --{sorted(unknown)[0]}.")
    report = bench.run(quick=options.quick, **more, say=lambda text: print(f"  {text}", file=sys.stderr, flush=True))
    print(json.dumps(report.as_object(), ensure_ascii=False, indent=1) if options.json else "\n".join(report.lines()))
    return 0 if report.met else 1


def benches() -> dict[str, str]:
    """What can be measured: name and one line, read without importing."""
    return {path.stem: _title(path) for path in sorted((PACKAGE_DIR / "bench").glob("[a-z]*.py"))}


def _title(path: Path) -> str:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "TITLE":
            return str(ast.literal_eval(node.value))
    return ""
