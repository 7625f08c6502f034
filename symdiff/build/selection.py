"""Which targets a call means.

In: the configuration, the targets named, and options that override. Out: complete targets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from symdiff.build.configuration import Configuration, Target, options_from
from symdiff.build.said import CommandLine
from symdiff.build.targets import is_file_target, split_target
from symdiff.errors import ArgumentError, ConfigurationError


def selected_targets(
    configuration: Configuration, named: Sequence[str], given: Mapping[str, Any], output: Path | None, folder: Path
) -> list[Target]:
    """The configured targets, or those that are named; a name that is not configured is a target of its own.

    given: options that override those of the configuration.
    output: overrides the file; chooses among configured targets of one function.
    """
    if not named:
        if not configuration.targets:
            raise ConfigurationError(
                "there is nothing to generate: no target is named, and pyproject.toml has none",
                fix='[[tool.symdiff.target]]\nfunction = "model.py:energy"\noutput = "energy_derivatives.py"',
            )
        found = list(configuration.targets)
    else:
        found = [target for name in named for target in _named(configuration, name, given, output, folder)]
    if output is not None and len(found) != 1:
        raise ArgumentError(
            f"-o names one file, but there are {len(found)} targets",
            fix=f"symdiff generate {named[0] if named else found[0].function} -o {output}",
        )
    return [_overridden(target, given, output) for target in found]


def _named(
    configuration: Configuration, name: str, given: Mapping[str, Any], output: Path | None, folder: Path
) -> list[Target]:
    wanted = _identity(name, folder)
    known = [target for target in configuration.targets if _identity(target.function, target.folder) == wanted]
    if output is not None and len(known) > 1:
        known = [target for target in known if target.output is not None and _same(target.output, output)]
    if known:
        return known
    split_target(name)
    return [Target(function=name, options=configuration.defaults, folder=folder)]


def _overridden(target: Target, given: Mapping[str, Any], output: Path | None) -> Target:
    """The target with what the flags say. What the flags change is no longer what the configuration says."""
    moved = output is not None and not (target.output is not None and _same(target.output, output))
    options = options_from(given, target.options, CommandLine())
    if target.options.verify is not None and options.verify is not None and "verify" in given:
        options = replace(options, verify=replace(options.verify, at=target.options.verify.at))
    return replace(
        target,
        options=options,
        output=output if moved else target.output,
        configured=target.configured and not given and not moved,
    )


def _identity(function: str, folder: Path) -> tuple[str, str]:
    """What a target means, however its path is written."""
    place, name = split_target(function)
    return (str((folder / place).resolve()) if is_file_target(place) else place, name)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
