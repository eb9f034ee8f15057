"""Makes small wheels without a build tool: https://packaging.python.org/specifications/binary-distribution-format."""
from __future__ import annotations

import io
import zipfile


def wheel(name: str, source: str, entry_points: str = "") -> bytes:
    """`source` is the one module, called as the package; `entry_points` the lines of its group `console_scripts`."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **({f"{info}/entry_points.txt": f"[console_scripts]\n{entry_points}\n"} if entry_points else {}),
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return content.getvalue()
