"""What datatrove hands to Slurm, run task by task as Slurm would: there is no Slurm here."""

import os
import sys
from pathlib import Path

import pytest

from distributed.corpora import invented, plain
from sikap.distributed.executors import SlurmExecutor
from sikap.steps.articles.distributed import merge_segments, segment_work

# It runs a job array one task after the other, in the environment that the script itself makes.
SBATCH = """#!/bin/bash
script="${!#}"
cp "$script" "$(dirname "$0")/script-$RANDOM"
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
if grep -q launch_pickled_pipeline "$script"; then
    for task in $(seq 0 "$last"); do
        SLURM_ARRAY_TASK_ID=$task SLURM_NODELIST=node1 RUN_OFFSET=0 bash "$script" >&2 || exit 1
    done
fi
echo "Submitted batch job 17"
"""
SRUN = """#!/bin/bash
while [[ "$1" == -* ]]; do [ "$1" = -n ] && shift; shift; done
exec "$@"
"""
SCONTROL = "#!/bin/bash\necho node1\n"


@pytest.mark.scale
def test_the_script_for_slurm_gives_the_bytes_of_the_plain_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, programs = invented(tmp_path / "project"), tmp_path / "bin"
    expected = plain(project)
    programs.mkdir()
    for name, text in {"sbatch": SBATCH, "srun": SRUN, "scontrol": SCONTROL}.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}")
    work = segment_work(project, 3)
    SlurmExecutor(
        list(work.pipeline),
        tasks=3,
        workers=2,
        time="01:00:00",
        partition="cpu",
        qos="",
        job_name="sikap-segment",
        logging_dir=work.logs,
    ).run()
    script = Path(work.logs, "launch_script.slurm").read_text(encoding="utf-8")
    assert "#SBATCH --array=0-2%2\n" in script
    assert "#SBATCH --partition=cpu\n" in script
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected
