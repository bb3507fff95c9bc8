#!/usr/bin/env python3
"""Writes docstrings from the comments of the public headers, the one source of the docs.

    tools/docgen.py include/emptor build/generated/docs

Every free function of namespace emptor::<module> gets a constant doc::<module>_<function>: the
`///` comment above it, then one entry per field of the Options struct it takes. The build runs
this, so the docstrings cannot fall behind the headers. They come as <module>/<stem>.hpp and all of
a module as <module>.hpp; a file is written only if it changes, so that a comment recompiles the
bindings of its own header alone.
"""

import re
import sys
import textwrap
from pathlib import Path

COMMENT = re.compile(r"///<?\s?(.*)")
STRUCT = re.compile(r"^struct (?:EMPTOR_EXPORT )?(\w+) \{$(.*?)^\};$", re.M | re.S)
FIELD = re.compile(r"^  [\w:<>, *]+?[ >](\w+)\s*(?:=[^;]*|\{[^;]*\})?;\s*(?:///<\s?(.*))?$")
FUNCTION = re.compile(r"((?:^///.*\n)*)^EMPTOR_EXPORT\s+([^;{=]*?\b(\w+)\s*\([^;]*?\));", re.M)


def fields(body: str) -> dict[str, str]:
    """Field name -> comment, from the lines inside a struct."""
    found: dict[str, str] = {}
    above: list[str] = []
    last = None
    for line in body.splitlines():
        text = line.strip()
        if text.startswith("///<"):  # goes on with the comment of the field above
            if last:
                found[last] = f"{found[last]} {COMMENT.match(text)[1]}".strip()
        elif text.startswith("///"):
            above.append(COMMENT.match(text)[1])
        elif field := FIELD.match(line):
            last = field[1]
            found[last] = " ".join([*above, field[2] or ""]).strip()
            above = []
        elif text.startswith("//") and last:  # clang-format breaks long trailing comments so
            found[last] = f"{found[last]} {text.lstrip('/< ')}"
        else:
            above, last = [], None
    return found


def for_python(text: str) -> str:
    """The words of a C++ comment as a Python reader knows them."""
    text = re.sub(r"@throws (\w+)", r"Raises \1", text)
    text = re.sub(r"@return\b", "Returns", text)
    return text.replace("std::nullopt", "None").replace("::", ".")


def paragraph(lines: list[str]) -> str:
    out: list[str] = []
    for line in lines:
        if line.startswith("@") or not line:
            out.append("")
        if line:
            out.append(line)
    return for_python("\n".join(out).strip())


def docstring(comment: list[str], options: dict[str, str]) -> str:
    parts = [paragraph(comment)] if comment else []
    told = {name: text for name, text in options.items() if text}
    if told:
        rows = ["Options", "-------"]
        for name, text in told.items():
            rows.append(f"{name}")
            rows.extend(
                textwrap.wrap(for_python(text), 76, initial_indent="    ", subsequent_indent="    ")
            )
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def functions(header: str, options: dict[str, dict[str, str]]) -> dict[str, str]:
    """Function name -> docstring. Of overloads, the one a Sales goes into speaks; where it only
    says what differs ("The same ..."), the comment of the other one stands before it."""
    found: dict[str, list[tuple[bool, list[str], dict[str, str]]]] = {}
    for match in FUNCTION.finditer(header):
        comment = [COMMENT.match(line)[1].rstrip() for line in match[1].splitlines()]
        name, signature = match[3], match[2]
        names = re.findall(r"const (\w+Options)&", signature)
        taken = next((options[name] for name in names if name in options), {})
        if comment:
            found.setdefault(name, []).append(("Sales&" in signature, comment, taken))
    texts = {}
    for name, overloads in found.items():
        speaks = next((one for one in overloads if one[0]), overloads[0])
        comment = speaks[1]
        if comment[0].startswith(("The same", "...")) and overloads[0] is not speaks:
            comment = [*overloads[0][1], "", *comment]
        texts[name] = docstring(comment, speaks[2] or overloads[0][2])
    return texts


def as_header(docs: dict[str, str]) -> str:
    lines = [
        "// Made by tools/docgen.py from the public headers; never edited.",
        "#pragma once",
        "",
        "namespace emptor::bindings::doc {",
        "",
    ]
    for symbol, text in sorted(docs.items()):
        lines.append(f'inline constexpr const char* {symbol} = R"doc({text})doc";\n')
    return "\n".join([*lines, "}  // namespace emptor::bindings::doc", ""])


def generate(root: Path) -> dict[str, str]:
    """File name -> text."""
    headers = sorted(root.glob("*/*.hpp"))
    options: dict[str, dict[str, str]] = {}
    for path in headers:
        for name, body in STRUCT.findall(path.read_text()):
            if name.endswith("Options"):
                options[name] = fields(body)
    files: dict[str, dict[str, str]] = {}
    for path in headers:
        module = path.parent.name
        for name, text in functions(path.read_text(), options).items():
            symbol = f"{module}_{name}"
            for file in (f"{module}.hpp", f"{module}/{path.stem}.hpp"):
                docs = files.setdefault(file, {})
                docs[symbol] = docs.get(symbol) or text
        files.setdefault(f"{module}.hpp", {})
        files.setdefault(f"{module}/{path.stem}.hpp", {})
    return {file: as_header(docs) for file, docs in files.items()}


def main() -> None:
    root, out = Path(sys.argv[1]), Path(sys.argv[2])
    for file, text in generate(root).items():
        path = out / file
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    main()
