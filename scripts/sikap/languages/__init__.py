"""Rules as data: what is peculiar to a language or an outlet, read from TOML files.

``<language>.toml`` beside this module holds the rules of a language, ``default.toml`` those of
every language that has none of its own. ``outlets/<outlet>.toml``, here or in a project's
``schema/outlets/``, adds what an outlet always prints; a project's file replaces a shipped one of
the same name. The head of each file says what its keys mean.
"""

from pathlib import Path

from sikap.errors import raise_if
from sikap.languages.load import HERE, LanguageFile, Lines, known_languages, outlet_files
from sikap.languages.rules import KINDS, Rule, Rules, alone, compiled, own_lines

__all__ = ["HERE", "KINDS", "LanguageFile", "Lines", "Rule", "RuleBook", "Rules", "known_languages"]


class RuleBook:
    """All rules that a project can use.

    ``outlets`` is the project's own folder of outlet files; it need not exist. Raises InputError
    (``rules``) with every file and key that cannot be used.
    """

    def __init__(self, outlets: Path | None = None) -> None:
        shipped, problems = outlet_files(HERE / "outlets", "languages/outlets")
        own, more = outlet_files(outlets, "schema/outlets") if outlets else ({}, [])
        raise_if(problems + more)
        self._outlets = {
            name.casefold(): rules
            for stem, rules in (shipped | own).items()
            for name in (stem, *rules.names)
        }
        self._files = {
            stem: f"{'schema' if stem in own else 'languages'}/outlets/{stem}.toml"
            for stem in shipped | own
        }
        self._stems = {
            name.casefold(): stem
            for stem, rules in (shipped | own).items()
            for name in (stem, *rules.names)
        }
        self._compiled: dict[tuple[str, str], Rules] = {}

    def rules(self, language: str, outlet: str | None = None) -> Rules:
        """The rules for an article; a language or outlet that is not known adds none."""
        key = language.partition("-")[0].casefold(), self._known(outlet)
        if key not in self._compiled:
            lines = self._outlets[key[1]].lines if key[1] in self._outlets else Lines()
            self._compiled[key] = compiled(key[0], lines)
        return self._compiled[key]

    def each(self, language: str, outlet: str | None = None) -> tuple[Rule, ...]:
        """The patterns of ``[lines]`` one by one, in the order in which they are tried."""
        code, name = language.partition("-")[0].casefold(), self._known(outlet)
        stem, own = own_lines(code)
        files = [(f"languages/{stem}.toml", own)]
        if name in self._outlets:
            files.insert(0, (self._files[self._stems[name]], self._outlets[name].lines))
        return tuple(
            Rule(
                file=file,
                key=key,
                number=number,
                pattern=pattern,
                compiled=alone(key, pattern),
            )
            for key in Lines.__struct_fields__
            for file, lines in files
            for number, pattern in enumerate(getattr(lines, key), 1)
        )

    def _known(self, outlet: str | None) -> str:
        """The name by which rules of an outlet are known: of a host its own or a domain above."""
        name = (outlet or "").casefold()
        while name not in self._outlets and "." in name:
            name = name.partition(".")[2]
            if "." not in name:
                return ""
        return name if name in self._outlets else ""
