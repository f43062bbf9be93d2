"""The help of commands, in Ukrainian to the last word: what typer says of its own is said here."""

from collections.abc import Callable
from typing import Any

import typer
import typer.rich_utils
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from registry import texts

WORDS = texts.TEXTS["help"]

typer.rich_utils.ARGUMENTS_PANEL_TITLE = WORDS["arguments_panel"]
typer.rich_utils.OPTIONS_PANEL_TITLE = WORDS["options_panel"]
typer.rich_utils.COMMANDS_PANEL_TITLE = WORDS["commands_panel"]
typer.rich_utils.DEFAULT_STRING = WORDS["default"]
typer.rich_utils.REQUIRED_LONG_STRING = WORDS["required"]


class _Spoken:
    """What a command and a group of commands say alike."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # of the class beside this one
        for one in params:
            _speak(one, ctx)
        return params

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]  # of the class beside this one
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=WORDS["usage"])


class Command(_Spoken, TyperCommand):
    """A command whose help is Ukrainian."""

    def __init__(self, *args: Any, **named: Any):
        super().__init__(*args, **{**named, "options_metavar": WORDS["options"]})


class Group(_Spoken, TyperGroup):
    """A group of commands whose help is Ukrainian, its commands in the order in which they were added."""

    order: tuple[str, ...] = ()

    def __init__(self, *args: Any, **named: Any):
        named |= {"options_metavar": WORDS["options"], "subcommand_metavar": WORDS["subcommand"]}
        super().__init__(*args, **named)

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=lambda name: (*self.order, name).index(name))


class Commands(typer.Typer):
    """`typer.Typer` whose commands and groups are these."""

    def __init__(self, cls: type[Group] = Group, **named: Any):
        super().__init__(cls=cls, no_args_is_help=True, **named)

    def command(self, name: str | None = None, **named: Any) -> Callable[..., Any]:
        return super().command(name, **{"cls": Command, **named})


def _speak(param: TyperOption | TyperArgument, ctx: Any) -> None:
    """Has a parameter say in Ukrainian what kind of value it takes."""
    if param.metavar is not None:
        return
    if param.opts == ["--help"]:
        param.help = WORDS["help"]
    kind = _kind(param, ctx)
    if isinstance(param, TyperArgument):
        named = param.name.upper().rstrip("_") + ("…" if param.nargs != 1 else "")
        usage = named if param.required else f"[{named}]"
        param.metavar = named
        param.get_usage_pieces = lambda ctx: [usage]  # type: ignore[method-assign]
        param.display_type = lambda ctx: kind  # type: ignore[method-assign]  # the name is the metavar here
        param.display_type_rich = lambda ctx: kind  # type: ignore[method-assign]
    else:
        param.metavar = kind
        param._get_number_range_help_str = lambda: None  # type: ignore[method-assign]  # it is in the kind


def _kind(param: TyperOption | TyperArgument, ctx: Any) -> str:
    """What typer calls `<int range>`, in words; a flag takes no value, and says nothing of it."""
    called = param.display_type(ctx).strip("<>")
    bounds = (param.min, param.max) if called.endswith(" range") else ()
    kind = texts.label("help_kinds", called.removesuffix(" range"))
    if not any(bounds):
        return kind
    said = (WORDS[name].format(bound) for name, bound in zip(("least", "most"), bounds, strict=True) if bound)
    return " ".join((kind, *said))
