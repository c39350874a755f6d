"""The house keeps its order: imports go one way, and nobody leaves what others would trip over."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("sikkerby", "closures", "initiatives", "catalogue", "reports")
# Of the ground, these look into every room and stand above them all.
ABOVE_THE_ROOMS = {
    "sikkerby/urls.py",
    "sikkerby/views.py",
    "sikkerby/settings.py",
    "sikkerby/management/commands/demo.py",
}


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    return {name.split(".")[0] for name in names} & set(ROOMS)


def wrong_way(path: Path) -> set[str]:
    """The rooms further on that this file imports, against the order of ROOMS."""
    if str(path.relative_to(ROOT)) in ABOVE_THE_ROOMS:
        return set()
    own = ROOMS.index(path.relative_to(ROOT).parts[0])
    return {room for room in imported_rooms(path) if ROOMS.index(room) > own}


def test_imports_go_one_way():
    wrong = {str(path.relative_to(ROOT)): found for path in python_files() if (found := wrong_way(path))}
    assert not wrong


def test_import_of_a_room_further_on_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_house.ROOT", tmp_path)
    planted = tmp_path / "closures" / "planted.py"
    planted.parent.mkdir()
    planted.write_text("def later():\n    from reports.models import Note\n")
    assert wrong_way(planted) == {"reports"}


def test_weasyprint_is_imported_in_one_place():
    found = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if re.search(r"\bimport weasyprint|from weasyprint", path.read_text())
    ]
    assert found == ["reports/pdf.py"]


def test_no_file_names_a_place_of_one_machine_or_a_package_index():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    places = re.compile(rf"/home/\w+/|{re.escape(str(ROOT))}/|https?://\S+/simple\b|--(extra-)?index-url|--find-links")
    wrong = []
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".png", ".pdf"} or name == "tests/test_house.py":
            continue
        if match := places.search(path.read_text(errors="replace")):
            wrong.append((name, match[0]))
    assert not wrong
