"""Every command of the README that calls the program runs as it stands there and recovers."""

import re
import shlex

from conftest import RECOVERED, SOURCE, gossan, make


def test_the_commands_of_the_readme_recover(tmp_path):
    readme = (SOURCE / "README.md").read_text()
    blocks = re.findall(r"```\n(.*?)```", readme, re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("build/gossan")]
    assert len(commands) >= 4
    data = make("locate", tmp_path / "data", "--shape", "gaussian", "--count", 60, "--dimension", 3, "--observed", 0.6)
    (tmp_path / "distances.csv").write_bytes((data / "distances.csv").read_bytes())
    for command in commands:
        done = gossan(*shlex.split(command)[1:], cwd=tmp_path)
        assert done.returncode == RECOVERED, command + done.stdout + done.stderr
