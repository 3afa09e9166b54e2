"""Other people's files are exactly those that the manifest names, byte for byte."""

import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = "matchmaker/static/vendor/MANIFEST.toml"
FOLDERS = ("matchmaker/static/vendor", "matchmaker/paper/fonts", "tests/browser/vendor")
OUTSIDE = re.compile(rb"sourceMappingURL=\s*(?:https?:)?//")


def faults(root: Path, folders=FOLDERS) -> list[str]:
    listed = {entry["path"]: entry["sha256"] for entry in tomllib.loads((root / MANIFEST).read_text())["file"]}
    present = {
        str(path.relative_to(root)) for folder in folders for path in (root / folder).rglob("*") if path.is_file()
    }
    changed = {path for path in present & set(listed) if digest(root / path) != listed[path]}
    return (
        [f"not listed: {path}" for path in sorted(present - set(listed) - {MANIFEST})]
        + [f"missing: {path}" for path in sorted(set(listed) - present)]
        + [f"changed: {path}" for path in sorted(changed)]
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def small_tree(root: Path) -> Path:
    vendor = root / "matchmaker/static/vendor"
    vendor.mkdir(parents=True)
    (vendor / "kept.js").write_text("1")
    (root / MANIFEST).write_text(
        f'[[file]]\npath = "matchmaker/static/vendor/kept.js"\nsha256 = "{digest(vendor / "kept.js")}"\n'
    )
    return vendor


def test_every_vendored_file_is_listed_and_unchanged():
    assert faults(ROOT) == []


def test_every_package_brings_its_licence():
    entries = tomllib.loads((ROOT / MANIFEST).read_text())["file"]
    licensed = {entry["package"] for entry in entries if "LICENSE" in entry["path"]}

    assert {entry["package"] for entry in entries} == licensed


def test_no_vendored_file_points_outside_for_its_source_map():
    offenders = [
        path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*") if OUTSIDE.search(path.read_bytes())
    ]

    assert offenders == []


def test_faults_names_a_changed_an_unlisted_and_a_missing_file(tmp_path):
    vendor = small_tree(tmp_path)
    before = faults(tmp_path)

    (vendor / "kept.js").write_text("2")
    (vendor / "stray.js").write_text("3")
    changed = faults(tmp_path)
    (vendor / "kept.js").unlink()

    assert before == []
    assert changed == [
        "not listed: matchmaker/static/vendor/stray.js",
        "changed: matchmaker/static/vendor/kept.js",
    ]
    assert "missing: matchmaker/static/vendor/kept.js" in faults(tmp_path)
