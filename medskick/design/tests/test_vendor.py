import json
import re

from medskick.design.vendor import LOCK, TEST_VENDOR, VENDOR, sha512

ROOT = VENDOR.parents[3]
ENTRIES = json.loads(LOCK.read_text())


def test_every_vendored_file_is_the_one_that_the_lock_file_names() -> None:
    assert {entry["file"]: sha512(ROOT / entry["file"]) for entry in ENTRIES} == {
        entry["file"]: entry["sha512"] for entry in ENTRIES
    }


def test_no_vendored_file_is_outside_the_lock_file() -> None:
    found = {
        str(path.relative_to(ROOT)) for folder in (VENDOR, TEST_VENDOR) for path in folder.rglob("*") if path.is_file()
    }
    assert found - {str(LOCK.relative_to(ROOT))} == {entry["file"] for entry in ENTRIES}


def test_every_package_has_a_licence_that_we_may_pass_on_and_its_text() -> None:
    assert {entry["licence"] for entry in ENTRIES} == {"0BSD", "MIT", "MPL-2.0", "OFL-1.1"}
    with_text = {entry["name"] for entry in ENTRIES if entry["file"].endswith("LICENSE.txt")}
    assert with_text == {entry["name"] for entry in ENTRIES}


def test_the_lock_file_holds_no_addresses() -> None:
    assert not re.search(r"https?://", LOCK.read_text())
