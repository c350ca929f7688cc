"""The export notices what is out of date and mends it."""

import shutil
from pathlib import Path

import pytest

from contract.examples import ROOT
from tocsin_schemas.documentation import alert_page
from tocsin_schemas.export import main
from tocsin_schemas.vocabulary import AlertType


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the export reads and writes."""
    for folder in ("schemas/json", "schemas/examples", "docs/alerts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "schemas" / "pyproject.toml", tmp_path / "schemas")
    shutil.copy(ROOT / "docs" / "topics.md", tmp_path / "docs")
    return tmp_path


def test_nothing_is_out_of_date_after_an_export(tree: Path) -> None:
    assert main(["--root", str(tree)]) == 0
    assert main(["--check", "--root", str(tree)]) == 0


@pytest.mark.parametrize(
    "name",
    ["schemas/json/v1/tick.schema.json", "docs/topics.md", "docs/alerts/air-raid-warning.md"],
)
def test_a_changed_file_is_named_and_mended(
    tree: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tree / name
    path.write_text(path.read_text("utf-8").replace("partition", "part").replace("Severity", "S"))
    assert main(["--check", "--root", str(tree)]) == 1
    assert f"{path}: differs from the models" in capsys.readouterr().err
    assert main(["--root", str(tree)]) == 0


def test_a_missing_and_a_left_over_schema_are_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemas = tree / "schemas" / "json" / "v1"
    (schemas / "probe.schema.json").rename(schemas / "ping.schema.json")
    assert main(["--check", "--root", str(tree)]) == 1
    said = capsys.readouterr().err
    assert "probe.schema.json" in said
    assert "ping.schema.json" in said


def test_a_folder_that_is_no_source_tree_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--check", "--root", str(tmp_path)])
    assert "--root" in capsys.readouterr().err


def test_the_prose_of_a_page_stays_as_it_is(tree: Path) -> None:
    page = (tree / "docs" / "alerts" / "air-raid-warning.md").read_text("utf-8")
    assert alert_page(AlertType.AIR_RAID_WARNING, "By hand.\n" + page, "{}").startswith("By hand.")


def test_a_page_without_marks_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="must hold the lines"):
        alert_page(AlertType.AIR_RAID_WARNING, "# Prose only", "{}")
