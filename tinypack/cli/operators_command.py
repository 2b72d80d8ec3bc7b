from __future__ import annotations

import click

from tinypack.cli.show import json_option, show_json, show_table
from tinypack.references import operator_rules


@click.command("operators")
@json_option
def command(as_json: bool) -> None:
    """List the operators that can be compiled, and their rules."""
    operators = operator_rules()
    if as_json:
        show_json(operators)
    else:
        show_table("", ("operator", "~what it does"), [(op["operator"], op["brief"]) for op in operators])
