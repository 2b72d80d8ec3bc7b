from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL, to be sourced: `source <(tinypack completion bash)`."""
    root = ctx.find_root().command
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(root, {}, "tinypack", "_TINYPACK_COMPLETE").source())
