"""Whether the annotators of a project agree as much as its settings ask for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sikap.agreement.thresholds import below, threshold_problems
from sikap.errors import Problem
from sikap.labelling_config.scheme import Scheme
from sikap.project import Project
from sikap.records import Annotation, Round
from sikap.rounds.agreement_summary import judged
from sikap.rounds.measurement_levels import level_of, level_problems
from sikap.settings import Settings
from sikap.steps.project_files import RoundFiles


def setting_problems(settings: Settings, scheme: Scheme) -> Iterator[Problem]:
    """Yield every level and threshold that does not fit the labelling config."""
    yield from level_problems(settings.levels, scheme)
    levels = {one.name: level_of(one, settings.levels) for one in scheme.controls}
    yield from threshold_problems(settings.thresholds, scheme, levels)


def gate_problems(
    settings: Settings,
    rounds: Iterable[Round],
    annotations: Iterable[Annotation],
    passes: Mapping[str, int],
    articles: Mapping[str, str],
    scheme: Scheme,
) -> list[Problem]:
    """A problem for every threshold that a round does not reach, to refuse for or to warn of.

    Rounds are without what was withdrawn. ``passes`` maps an item to its pass, ``articles`` a
    sentence to its article. Settings fit the scheme: see `setting_problems`.
    """
    if not settings.thresholds:
        return []
    wanted = tuple(dict.fromkeys(one.figure for one in settings.thresholds))
    found = judged(rounds, annotations, passes, articles, scheme, settings.levels, wanted)
    return list(below(settings.thresholds, found))


def below_thresholds(
    project: Project, rounds: Sequence[RoundFiles], scheme: Scheme
) -> list[Problem]:
    """The same of rounds as they lie on disk, followed to the sentences that there are now."""
    items = [item for files in rounds for item in files.items]
    return gate_problems(
        project.settings,
        [files.manifest for files in rounds],
        [annotation for files in rounds for annotation in files.annotations],
        {item.item_id: item.pass_ for item in items},
        {item.sentence_id: item.article_id for item in items},
        scheme,
    )
