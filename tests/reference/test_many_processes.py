"""The reference articles on many processes."""

from pathlib import Path

import pytest

from distributed.corpora import article, plain, project_of, run_here
from reference.files import NEWS, reference_rows
from sikap.steps.articles.distributed import merge_segments, segment_work


@pytest.mark.scale
@pytest.mark.parametrize("tasks", [1, 2, 5, 400])
def test_the_reference_articles_give_the_same_bytes_in_any_number_of_tasks(
    tmp_path: Path, tasks: int
) -> None:
    articles = [article(f"r{n:04}", row["text"]) for n, row in enumerate(reference_rows(NEWS))]
    project = project_of(tmp_path, articles)
    expected = plain(project)
    work = segment_work(project, tasks)
    run_here(work, 2)
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected
