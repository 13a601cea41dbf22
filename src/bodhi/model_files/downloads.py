"""Downloads as jobs: what ``bodhi pull`` does, with progress told and an end that is kept."""

from pathlib import Path

from bodhi.jobs import Job, Jobs, Params, Report, Result, Runner
from bodhi.model_files.file_names import check_snapshot
from bodhi.model_files.hub_choice import parse_wanted

KIND = "download"


def downloader(cache: Path) -> Runner:
    """Downloads into ``cache``, from the hub that the environment names."""

    def run(params: Params, report: Report) -> Result:
        # Imported here, because a server is ready sooner without what speaks to other servers.
        from bodhi.model_files.download import pull
        from bodhi.model_files.hub_client import hub_from_environment

        def progress(filename: str, done: int, total: int) -> None:
            report(filename, done, total)

        name, hub = str(params["name"]), hub_from_environment()
        pulled = pull(name, hub, cache, progress, revision=params["revision"])
        folder = f"/snapshots/{pulled.commit}/"
        return {
            "repo": pulled.repo,
            "commit": pulled.commit,
            "filenames": [path.as_posix().partition(folder)[2] for path in pulled.paths],
            "size_bytes": pulled.size_bytes,
            "fetched": list(pulled.fetched),
        }

    return run


def start_download(jobs: Jobs, name: str, revision: str | None = None) -> Job:
    """Begin to download ``owner/repo[:QUANT|file]`` at ``revision`` (None: main).

    Raises NameInvalid, InvalidInput, QueueFull or StorageFailed.
    """
    parse_wanted(name)
    if revision is not None:
        check_snapshot(revision)
    return jobs.start(KIND, name, {"name": name, "revision": revision})
