#!/usr/bin/env python3
"""Runs every code block of the README and of docs/: what is printed there must work.

Python blocks of a page run one after the other in one process, in a folder of the page's own that
holds `orders.csv` (the example orders). C++ blocks are compiled and run against a build; a block
without `main` is put into one, after the lines of its includes. Blocks marked ```text or ```sh are
not run.

    tools/check_docs.py BUILD_DIR [PAGE ...]
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(python|cpp)\n(.*?)^```", re.M | re.S)


def run_python(code: str, folder: Path, build: Path) -> str | None:
    env = os.environ | {"PYTHONPATH": str(build / "python")}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder, env=env, capture_output=True, text=True,
    )  # fmt: skip
    return None if result.returncode == 0 else result.stderr


def run_cpp(code: str, folder: Path, build: Path) -> str | None:
    if "int main(" not in code:
        lines = code.splitlines()
        head = [line for line in lines if line.startswith(("#include", "using namespace"))]
        body = [line for line in lines if line not in head]
        code = "\n".join([*head, "int main() {", *body, "return 0; }", ""])
    if "emptor/" not in code:
        code = '#include "emptor/emptor.hpp"\n' + code
    source = folder / "snippet.cpp"
    source.write_text("#include <iostream>\n" + code)
    compiled = subprocess.run(
        ["g++", "-std=c++20", "-Wall", "-Wextra", f"-I{ROOT / 'include'}", str(source),
         str(build / "libemptor.a"), "-pthread", "-o", str(folder / "snippet")],
        capture_output=True, text=True,
    )  # fmt: skip
    if compiled.returncode != 0:
        return compiled.stderr
    result = subprocess.run([folder / "snippet"], cwd=folder, capture_output=True, text=True)
    return None if result.returncode == 0 else result.stderr or f"exit {result.returncode}"


def check_page(page: Path, folder: Path, build: Path) -> tuple[int, list[str]]:
    blocks = BLOCK.findall(page.read_text())
    python = "\n".join(code for language, code in blocks if language == "python")
    faults = []
    if python and (error := run_python(python, folder, build)):
        faults.append(f"{page.relative_to(ROOT)} (python):\n{error}")
    for language, code in blocks:
        if language == "cpp" and (error := run_cpp(code, folder, build)):
            faults.append(f"{page.relative_to(ROOT)} (cpp):\n{code}\n{error}")
    return len(blocks), faults


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    pages = [Path(p).resolve() for p in sys.argv[2:]]
    pages = pages or [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    save = "import emptor as em; em.example('orders').to_csv('orders.csv')"
    n_blocks, faults = 0, []
    for page in pages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if error := run_python(save, folder, build):
                print(error)
                return 1
            n, page_faults = check_page(page, folder, build)
            n_blocks += n
            faults += page_faults
    print("\n".join(faults))
    print(f"{n_blocks} blocks on {len(pages)} pages, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
