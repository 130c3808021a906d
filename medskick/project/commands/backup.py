"""medskick backup."""

import argparse
from pathlib import Path

HELP = "Write the whole installation to one file: database, files, checksums; people go on working meanwhile."
ABOUT = (
    HELP
    + """

The file holds names and personal numbers encrypted, as the database does, and everything else in clear: keep it where only
you can read it, or send it through a program that encrypts (docs/drift.md shows how). The keys are not in it. Keep
MEDSKICK_PERSONAL_DATA_KEY somewhere else: without it the file cannot be restored."""
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write medskick-DATE-TIME.medskick")
    parser.add_argument("--keep", type=int, metavar="N", help="take away all but the N newest of our files there")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from medskick.project import backup

    now = timezone.localtime()
    target = options.folder.resolve() / f"medskick-{now:%Y%m%d-%H%M%S}.medskick"
    manifest = backup.back_up(target, now=now, say=lambda text: print(f"  {text}", flush=True))
    print(f"{target}, {target.stat().st_size / 1_000_000:.1f} MB")
    for digest in manifest.missing:
        print(f"MISSING: the database refers to the file {digest}, which the disk does not have.")
    if options.keep:
        for old in sorted(options.folder.glob("medskick-*.medskick"))[: -options.keep]:
            old.unlink()
    return 1 if manifest.missing else 0
