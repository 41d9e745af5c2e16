"""sikap: from raw news articles to annotated, validated, byte-reproducible datasets.

The names in ``__all__`` are the public door: one function for each command, the project and the
requests that they take, and the errors that they raise. Everything behind the door may move.

``import sikap`` loads nothing else. A name is loaded when you first use it.
"""

TYPE_CHECKING = False  # importing `typing` would take longer than all the rest
if TYPE_CHECKING:
    from sikap.agreement.tables.column_roles import TableRequest
    from sikap.articles.chunks import IngestRequest
    from sikap.errors import ChecksError, InputError, Problem, ServiceError, SikapError
    from sikap.project import Project, open_project
    from sikap.rounds.planning.request import RoundRequest
    from sikap.steps.articles.ingest import ingest_articles
    from sikap.steps.articles.segment import segment_articles
    from sikap.steps.init import init_project
    from sikap.steps.releases.conll import write_conll
    from sikap.steps.releases.diff import compare_releases
    from sikap.steps.releases.publish import publish_release
    from sikap.steps.releases.rehydrate import rehydrate_release
    from sikap.steps.releases.release import build_release
    from sikap.steps.releases.sign import sign_release
    from sikap.steps.releases.verify import verify_release
    from sikap.steps.rounds.accounts import add_annotator
    from sikap.steps.rounds.adjudicate import adjudicate_round
    from sikap.steps.rounds.agree import measure_agreement, measure_agreement_of_rounds
    from sikap.steps.rounds.annotators import link_annotator
    from sikap.steps.rounds.plan import plan_round
    from sikap.steps.rounds.pull import pull_round, replay_rounds
    from sikap.steps.rounds.push import push_round
    from sikap.steps.rounds.reanchor import reanchor_rounds
    from sikap.steps.rounds.settle import settle_rounds
    from sikap.steps.rounds.status import read_status
    from sikap.steps.table_agreement import measure_table_agreement
    from sikap.steps.withdraw import withdraw
    from sikap.version import __version__

__all__ = [
    "ChecksError",
    "IngestRequest",
    "InputError",
    "Problem",
    "Project",
    "RoundRequest",
    "ServiceError",
    "SikapError",
    "TableRequest",
    "__version__",
    "add_annotator",
    "adjudicate_round",
    "build_release",
    "compare_releases",
    "ingest_articles",
    "init_project",
    "link_annotator",
    "measure_agreement",
    "measure_agreement_of_rounds",
    "measure_table_agreement",
    "open_project",
    "plan_round",
    "publish_release",
    "pull_round",
    "push_round",
    "read_status",
    "reanchor_rounds",
    "rehydrate_release",
    "replay_rounds",
    "segment_articles",
    "settle_rounds",
    "sign_release",
    "verify_release",
    "withdraw",
    "write_conll",
]

_HOMES = {
    "agreement.tables.column_roles": "TableRequest",
    "articles.chunks": "IngestRequest",
    "errors": "ChecksError InputError Problem ServiceError SikapError",
    "project": "Project open_project",
    "rounds.planning.request": "RoundRequest",
    "steps.articles.ingest": "ingest_articles",
    "steps.articles.segment": "segment_articles",
    "steps.init": "init_project",
    "steps.releases.conll": "write_conll",
    "steps.releases.diff": "compare_releases",
    "steps.releases.publish": "publish_release",
    "steps.releases.rehydrate": "rehydrate_release",
    "steps.releases.release": "build_release",
    "steps.releases.sign": "sign_release",
    "steps.releases.verify": "verify_release",
    "steps.rounds.accounts": "add_annotator",
    "steps.rounds.adjudicate": "adjudicate_round",
    "steps.rounds.agree": "measure_agreement measure_agreement_of_rounds",
    "steps.rounds.annotators": "link_annotator",
    "steps.rounds.plan": "plan_round",
    "steps.rounds.pull": "pull_round replay_rounds",
    "steps.rounds.push": "push_round",
    "steps.rounds.reanchor": "reanchor_rounds",
    "steps.rounds.settle": "settle_rounds",
    "steps.rounds.status": "read_status",
    "steps.table_agreement": "measure_table_agreement",
    "steps.withdraw": "withdraw",
    "version": "__version__",
}
"""The module behind each public name; type checkers read the same from the imports above."""


if not TYPE_CHECKING:  # a type checker would take every name for a public one

    def __getattr__(name: str) -> object:
        """Load a public name from its module on first use."""
        for module, names in _HOMES.items():
            if name in names.split():
                from importlib import import_module  # noqa: PLC0415 -- `import sikap` loads nothing

                value = globals()[name] = getattr(import_module(f"sikap.{module}"), name)
                return value
        raise AttributeError(f"module 'sikap' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion at a prompt."""
    return sorted([*globals(), *__all__])
