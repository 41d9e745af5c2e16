"""Peak memory of a process, as the kernel of Linux keeps it; needs nothing but Python."""

from pathlib import Path


def peak_mebibytes(pid: int | None = None) -> float:
    """The most that a process, or this one, has held in memory, in MiB; 0 where it has ended.

    Not ``ru_maxrss``: Linux hands the peak of the process that started this one down to it.
    """
    try:
        status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    peaks = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(next(peaks, "0")) / 1024
