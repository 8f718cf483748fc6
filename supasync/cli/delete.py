"""`supasync branches delete`."""

from __future__ import annotations

from supasync.cli import asking, options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen


def delete(
    name: options.Name,
    *,
    yes: asking.Yes = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Delete a branch with its database and all that is in it; a persistent one too.

    Exit code 0: deleted, 2: no such branch or nobody to ask, 3: the platform would not, 4: main,
    not confirmed, or allow_data_loss = false.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.sync import guard, pipeline
        from supasync.sync.lifecycle import ready, removal

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            listed = await client.branches.list(loaded.project.ref)
            branch = ready.find_only(name, listed, loaded)
            guard.all_rows_may_go(branch.name, "its deletion", ready.settings(name, branch, loaded))
            kind = "persistent branch" if branch.persistent else "branch"
            what = f"The {kind} {branch.name} ({branch.project_ref}) and all its data go for good."
            await asking.confirm(what, yes=yes)
            await removal.delete(client, branch, screen.tell)
        document = {"branch": branch.name, "ref": branch.project_ref, "deleted": True}
        text = f"{branch.name} ({branch.project_ref}) is deleted"
        screen.show(document, lambda console: console.print(text))
        return 0

    finish(screen, work)
