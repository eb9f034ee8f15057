"""Foreign text inside Markdown: names, messages and branches must not become links, headings or HTML."""
from __future__ import annotations

import re

from steps.lib import agent

_SPECIAL = re.compile(r"""([!"#$%'()*+,\-./:=?@\[\\\]^_`{|}~])""")


def escape(text: object) -> str:
    """`text` on one line, of which Markdown shows every character as it is."""
    return _SPECIAL.sub(r"\\\1", agent.show(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
