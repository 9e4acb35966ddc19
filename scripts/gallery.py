#!/usr/bin/env python3
"""A page with background, foreground and mask of real clips: scripts/gallery.py [--program build/gossan] [--out out/gallery].

The clips are not part of the project, and no frame of them may be: scripts/clips.py says where they are looked for. Only Gossan's own reports are made
here; the page takes their filmstrips.
"""

import argparse
import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import clips

ROOT = Path(__file__).resolve().parent.parent
STYLE = """body { font: 1rem/1.5 sans-serif; max-width: 96rem; margin: 2rem auto; padding: 0 1rem; }
table { border-spacing: 4px; } th { text-align: left; font-weight: 500; padding-right: .75rem; } div { overflow-x: auto; }
figcaption { color: #555; max-width: 60rem; } figure { margin: 0 0 3rem; } dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; } dt { color: #555; } dd { margin: 0; }"""


def clip(program, out, name, source, origin, *options):
    folder = out / name
    command = [str(each) for each in (program, "rpca", source, *options, "--quiet", "--out", folder)]
    code = subprocess.run(command, check=False).returncode
    if code not in (0, 4):
        sys.exit(f"{' '.join(command)}: exit code {code}")
    summary = json.loads((folder / "summary.json").read_text())
    strip = re.search(r'<figure class="filmstrip">.*?</figure>', (folder / "report.html").read_text(), re.DOTALL).group(0)
    facts = {"frames": "{count} of {width} x {height}".format(**summary["frames"]), "rank": summary["rank"], "flagged": f"{100 * summary['outlier_fraction']:.1f} %",
             "noise": f"{summary['noise_scale']:.2g} grey levels", "time": f"{summary['recovery_seconds']:.2f} s, {summary['seconds']:.2f} s with decoding",
             "verdict": summary["verdict"], "from": origin}
    listed = "".join(f"<div><dt>{html.escape(key)}</dt><dd>{html.escape(str(value))}</dd></div>" for key, value in facts.items())
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in facts.items() if key != "from"))
    return f'<h2>{html.escape(name)}</h2>\n<dl>{listed}</dl>\n<p>{html.escape(summary["message"])} <a href="{name}/report.html">Report</a></p>\n{strip}\n'


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default=ROOT / "build/gossan", type=Path)
    arguments.add_argument("--out", default=ROOT / "out/gallery", type=Path)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    program, parts = options.program.resolve(), []
    with tempfile.TemporaryDirectory() as folder:
        escalator, vtest = clips.escalator(Path(folder)), clips.vtest(Path(folder))
        if escalator:
            parts.append(clip(program, options.out, "escalator", escalator[0], "escalator_data.mat of fastRPCA's repository"))
        if vtest:
            parts.append(clip(program, options.out, "vtest", vtest, "OpenCV's sample vtest.avi, Debian's opencv-doc; half size, every 4th frame", "--stride", 4, "--scale", 0.5))
    if not parts:
        sys.exit("No clip was found. vtest.avi is in Debian's package opencv-doc: apt-get install opencv-doc, or GOSSAN_CLIPS=folder make gallery.")
    page = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Gossan: gallery</title><style>{STYLE}</style></head><body>\n<h1>Background and foreground</h1>\n'
    (options.out / "index.html").write_text(page + "".join(parts) + "</body></html>\n")
    print(f"The page is {options.out / 'index.html'}.")


if __name__ == "__main__":
    main()
