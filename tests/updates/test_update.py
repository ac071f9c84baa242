"""An update brings the new template and loses nothing of the person's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from template_history import first, make_history, write

TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]


def test_an_unedited_project_becomes_what_a_fresh_one_is(
    tool: Any, tree: TreeOf, tmp_path: Path
) -> None:
    project = tool.project(tmp_path / "p")

    run = tool.run("v1.1.0", "update", cwd=project)

    fresh = tree(tool.fresh("v1.1.0", tmp_path / "fresh"))
    # Written once, and the person's since.
    fresh["deploy/once.conf"] = (b"# yours\n", False)
    assert run.code == 0, run.err + run.out
    assert "News of 1.1.0 (1.1.0)" in run.out
    assert tree(project) == {**fresh, "manage.py": (b"# mine\n", False)}
    assert tool.run("v1.1.0", "check", cwd=project).code == 0
    tool.commit(project)
    assert "nothing to do" in tool.run("v1.1.0", "update", cwd=project).out


def test_edits_survive_and_a_deleted_file_stays_deleted(tool: Any, tmp_path: Path) -> None:
    """G05: changed, deleted, beside it."""
    project = tool.project(tmp_path / "p")
    conf, script = project / "deploy/site.conf", project / "deploy/run.sh"
    conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
    script.chmod(0o644)
    (project / "deploy/once.conf").write_text("all mine\n")
    (project / "deploy/plain.txt").unlink()
    (project / "deploy/own.txt").write_text("beside\n")
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 0, run.err + run.out
    assert "merged         deploy/site.conf" in run.out
    text = conf.read_text()
    assert "line 2, mine\n" in text
    assert "line thirty\n" in text
    assert not script.stat().st_mode & 0o111
    assert "exec true" in script.read_text()
    assert not (project / "deploy/plain.txt").exists()
    assert (project / "deploy/once.conf").read_text() == "all mine\n"
    assert (project / "deploy/own.txt").read_text() == "beside\n"


@pytest.mark.slow
def test_a_file_that_the_person_renamed_stays_where_it_is(tool: Any, tmp_path: Path) -> None:
    """G05: it is theirs under its new name, and the old one does not come back."""
    project = tool.project(tmp_path / "p")
    tool.git("mv", "deploy/plain.txt", "deploy/mine.txt", cwd=project)
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 0, run.err + run.out
    assert (project / "deploy/mine.txt").read_text() == "plain\n"
    assert not (project / "deploy/plain.txt").exists()


def test_a_conflict_needs_a_person(tool: Any, tmp_path: Path) -> None:
    """copier itself exits 0, and `git commit -a` would commit the markers (E02, E13.5, E21)."""
    project = tool.project(tmp_path / "p")
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 30\n", "line 30, mine\n"))
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 3
    assert "deploy/site.conf   1 conflict: look for <<<<<<<" in run.out
    assert "UU deploy/site.conf" in tool.status(project)
    stages = tool.git("ls-files", "--unmerged", cwd=project).splitlines()
    assert [line.split("\t")[0][-1] for line in stages] == ["1", "2", "3"]
    assert "line 30, mine" in tool.git("show", ":2:deploy/site.conf", cwd=project)
    assert "line thirty" in tool.git("show", ":3:deploy/site.conf", cwd=project)
    check = tool.run("v1.1.0", "check", cwd=project)
    assert check.code == 3
    assert "a merge conflict is unresolved" in check.out


@pytest.mark.slow
def test_a_dry_run_tells_the_same_and_writes_nothing(tool: Any, tmp_path: Path) -> None:
    project = tool.project(tmp_path / "p")

    dry = tool.run("v1.1.0", "update", "--dry-run", cwd=project)

    assert dry.code == 0, dry.err
    assert tool.status(project) == []
    assert "added          deploy/extra.txt" in dry.out
    assert "dry run" in dry.out
    diff = tool.run("v1.1.0", "diff", "--update", cwd=project)
    assert diff.code == 3
    assert "+line thirty" in diff.out


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gone.txt", "old-name.txt"])
def test_an_edited_file_that_the_template_drops_is_set_aside(
    tool: Any, tmp_path: Path, name: str
) -> None:
    """G05: copier alone deletes it, and the edit with it, and exits 0 (E15.3)."""
    project = tool.project(tmp_path / "p")
    (project / "deploy" / name).write_text("mine\n")
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 3
    assert (project / f"deploy/{name}.djscaffold-old").read_text() == "mine\n"
    assert f"deploy/{name}.djscaffold-old" in run.out


@pytest.mark.slow
def test_whitespace_rules_of_the_persons_git_drop_no_edit(tool: Any, tmp_path: Path) -> None:
    """apply.whitespace=error makes plain copier drop every edit in every file, exit 0 (E26)."""
    project = tool.project(tmp_path / "p")
    tool.git("config", "apply.whitespace", "error", cwd=project)
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine   \n"))
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 0, run.out
    assert "line 2, mine   \n" in conf.read_text()
    assert "line thirty" in conf.read_text()


@pytest.mark.slow
def test_an_edited_file_that_git_ignores_stops_the_update(tool: Any, tmp_path: Path) -> None:
    """It is in no commit, so nothing could give the edit back (E11.6, E27)."""
    project = tmp_path / "p"
    project.mkdir()
    (project / ".gitignore").write_text("*.conf\n")
    tool.git("init", "--quiet", cwd=project)
    tool.fresh("v1.0.0", project)
    tool.commit(project)
    (project / "deploy/site.conf").write_text("mine\n")

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 1
    assert "deploy/site.conf" in run.err
    assert (project / "deploy/site.conf").read_text() == "mine\n"
    assert tool.status(project) == []


@pytest.mark.slow
def test_a_kept_file_is_touched_by_no_update_not_even_by_plain_copier(
    tool: Any, tmp_path: Path
) -> None:
    """A managed file that is put into an exclude is deleted by copier (E10): we keep it."""
    project = tool.project(tmp_path / "p", 'keep_files=["deploy/plain.txt"]')
    (project / "deploy/plain.txt").write_text("mine from the start\n")
    tool.commit(project)

    assert tool.run("v1.1.0", "update", cwd=project).code == 0
    tool.commit(project)
    plain = tool.copier("update", "--defaults", "--vcs-ref", "v1.2.0", cwd=project)

    assert plain.code == 0, plain.err
    assert (project / "deploy/plain.txt").read_text() == "mine from the start\n"


@pytest.mark.slow
def test_answers_that_change_by_themselves_are_reported(tool: Any, tmp_path: Path) -> None:
    """A renamed question inherits (E15.1); copier falls back silently (E15.2)."""
    project = tool.project(tmp_path / "p", "site_name=Shop", "colour=red")

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 3
    assert "colour: 'red' is now 'blue'" in run.out
    assert "site_name: 'Shop' is asked no more" in run.out
    assert "site_title: Shop" in (project / ".copier-answers.yml").read_text()


@pytest.mark.slow
def test_a_conflict_with_a_file_that_both_sides_added(tool: Any, tmp_path: Path) -> None:
    """G05: the person's is not lost."""
    project = tool.project(tmp_path / "p")
    (project / "deploy/extra.txt").write_text("mine came first\n")
    tool.commit(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 3
    assert "mine came first" in (project / "deploy/extra.txt").read_text()


@pytest.mark.slow
def test_five_versions_with_edits_at_every_step(tool: Any, tree: TreeOf, tmp_path: Path) -> None:
    """Edits add up, nothing conflicts, and what is left to differ is the edits alone."""
    project = tool.project(tmp_path / "p")
    conf = project / "deploy/site.conf"
    for number in range(1, 6):
        text = conf.read_text().replace(f"line {number * 2 + 25}\n", f"mine {number}\n")
        conf.write_text(text if number * 2 + 25 != 30 else conf.read_text())
        (project / "deploy/once.conf").write_text(f"step {number}\n")
        tool.commit(project)
        run = tool.run(f"v1.{number}.0", "update", cwd=project)
        assert run.code == 0, run.out + run.err
        tool.commit(project)

    fresh = tree(tool.fresh("v1.5.0", tmp_path / "fresh"))
    mine = tree(project)
    assert {path for path in mine if mine[path] != fresh.get(path)} == {
        "deploy/site.conf",
        "deploy/once.conf",
        "manage.py",
    }
    assert [line for line in conf.read_text().splitlines() if line.startswith("mine")] == [
        f"mine {number}" for number in range(1, 6)
    ]


@pytest.mark.slow
def test_five_versions_at_once(tool: Any, tree: TreeOf, tmp_path: Path) -> None:
    """G06: from a tag far back; what templates renamed in between has its new name."""
    project = tool.project(tmp_path / "p")

    run = tool.run("v1.5.0", "update", cwd=project)

    fresh = tree(tool.fresh("v1.5.0", tmp_path / "fresh"))
    fresh["deploy/once.conf"] = (b"# yours\n", False)
    assert run.code == 0, run.out
    assert tree(project) == {**fresh, "manage.py": (b"# mine\n", False)}


@pytest.mark.slow
def test_to_a_version_between(tool: Any, tmp_path: Path) -> None:
    project = tool.project(tmp_path / "p")

    assert tool.run("v1.5.0", "update", "--to", "1.2.0", cwd=project).code == 0

    assert "_commit: v1.2.0" in (project / ".copier-answers.yml").read_text()
    assert not (project / "deploy/part-3.conf").exists()


@pytest.mark.slow
def test_djscaffold_and_plain_copier_do_the_same(tool: Any, tree: TreeOf, tmp_path: Path) -> None:
    """Edited files and all, answers file and all (E13.2)."""
    ours, plain = tool.project(tmp_path / "a"), tool.project(tmp_path / "b")
    for project in (ours, plain):
        conf = project / "deploy/site.conf"
        conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
        conf.write_text(conf.read_text().replace("line 30\n", "line 30, mine\n"))
        (project / "deploy/plain.txt").unlink()
        tool.commit(project)

    assert tool.run("v1.2.0", "update", cwd=ours).code == 3
    copied = tool.copier("update", "--defaults", "--vcs-ref", "v1.2.0", cwd=plain)

    assert copied.code == 0, copied.err
    assert tree(ours) == tree(plain)
    assert tool.status(ours) == tool.status(plain)
    unmerged = [tool.git("ls-files", "--unmerged", cwd=project) for project in (ours, plain)]
    assert unmerged[0] == unmerged[1]


@pytest.mark.slow
@pytest.mark.parametrize("question", [False, True])
def test_a_mistake_in_the_new_template_changes_nothing(
    clean_environment: dict[str, str], tree: TreeOf, tmp_path: Path, *, question: bool
) -> None:
    """copier leaves half of it behind (E15.6), or asks for what has no default (E15.4)."""

    def broken(templates: Path) -> None:
        exclude = templates / "_questions/exclude.yml"
        if question:
            exclude.write_text(exclude.read_text() + "size:\n  type: str\n  help: How large\n")
        else:
            write(templates / "onprem/deploy/zz.txt.jinja", "{{ nobody_knows_it }}\n")

    changes = (first, broken)
    tool = make_history(tmp_path / "tool", clean_environment, changes, ("v1.0.0", "v1.1.0"))
    project = tool.project(tmp_path / "p")
    before = tree(project)

    run = tool.run("v1.1.0", "update", cwd=project)

    assert run.code == 1, run.out
    assert ("size" if question else "nobody_knows_it") in run.err
    assert tree(project) == before
    assert tool.status(project) == []
