"""The pages keep up with the code: links lead somewhere, the catalogue is what the program says, every package is explained."""

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(os.environ["GOSSAN_SOURCE"])


def test_every_link_leads_somewhere():
    result = subprocess.run([sys.executable, SOURCE / "scripts/check_links.py"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_catalogue_is_what_the_program_says():
    written = subprocess.run([sys.executable, SOURCE / "scripts/catalogue.py", os.environ["GOSSAN"]], check=True,
                             capture_output=True, text=True).stdout
    assert (SOURCE / "docs/catalogue.md").read_text() == written, "run `make docs`"


def test_the_index_of_methods_is_what_the_program_says_and_every_method_has_its_page():
    written = subprocess.run([sys.executable, SOURCE / "scripts/methods_index.py", os.environ["GOSSAN"]], check=True,
                             capture_output=True, text=True).stdout
    assert (SOURCE / "docs/methods/README.md").read_text() == written, "run `make docs`"
    pages = {f"{name}.md" for name in re.findall(r"^\| \[([\w-]+)\]", written, re.MULTILINE)}
    assert pages == {page.name for page in (SOURCE / "docs/methods").glob("*.md")} - {"README.md"}


def test_every_installed_package_is_explained():
    script = (SOURCE / "scripts/install_dependencies.sh").read_text()
    packages = [p for group in re.findall(r"^(?:build|test|bench|check)=\(([^)]*)\)", script, re.MULTILINE) for p in group.split()]
    assert len(packages) > 15
    page = (SOURCE / "docs/dependencies.md").read_text()
    assert [p for p in packages if f"`{p}`" not in page] == []


def test_no_page_names_a_path_of_somebodys_machine():
    pages = [p for p in SOURCE.rglob("*.md") if {"build", "out", ".git"}.isdisjoint(p.relative_to(SOURCE).parts)]
    assert [str(p) for p in pages if re.search(r"(?<![\w.])/(home|work|tmp|root)/\w", p.read_text())] == []
