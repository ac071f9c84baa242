"""Every answer: the person's word first, then the project's, then a stated default."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from djscaffold.errors import OpenQuestions
from djscaffold.facts.model import Ambiguous, Found, Missing, Place
from djscaffold.facts.project import (
    Database,
    EnvVar,
    Frontend,
    Media,
    Observation,
    Package,
    ProjectFacts,
    Static,
    TaskQueue,
)
from djscaffold.plan.make import DECISIONS, make_plan, open_questions
from djscaffold.plan.model import PLATFORMS, Plan

HERE = (Place("shop/settings.py", 1),)


def found(value: Any) -> Found[Any]:
    return Found(value, HERE)


def make_facts(**facts: Any) -> ProjectFacts:
    """A project of which only the least is known, and *facts* on top."""
    names = [field.name for field in dataclasses.fields(ProjectFacts)]
    missing = {name: Missing("it") for name in names}
    known = {
        "project_root": found("."),
        "production_settings": found("shop.settings"),
        "wsgi_application": found("shop.wsgi:application"),
        "dependency_manager": found("pip-requirements"),
        "dependency_files": found(("requirements.txt",)),
        "env_roles": (),
        "packages": (),
        "installed_apps": (),
        "middleware": (),
        "settings": (),
        "observations": (),
        "warnings": (),
    }
    return ProjectFacts(**{**missing, **known, **facts})


def plan_of(choices: dict[str, Any] | None = None, **facts: Any) -> Plan:
    chosen = {"platform": "onprem", **(choices or {})}
    return make_plan(make_facts(**facts), chosen, folder="checkout")


def test_every_answer_has_one_row_or_comes_from_the_person() -> None:
    """A field of the plan that nothing decides would silently keep its default."""
    of_a_platform = tuple(f"{name}_" for name in PLATFORMS)
    fields = {
        field.name for field in dataclasses.fields(Plan) if not field.name.startswith(of_a_platform)
    }
    from_the_person = {
        "platform",
        "domain_aliases",
        "periodic_commands",
        "ci",
        "ci_recipes",
        "ci_repository",
        "keep_files",
        "parked_answers",
    }

    assert fields - from_the_person == {
        name for name in DECISIONS if not name.startswith(of_a_platform)
    }


def test_a_choice_wins_over_the_project() -> None:
    plan = plan_of({"settings_module": "shop.production"}, production_settings=found("shop.dev"))

    assert plan.settings_module == "shop.production"


def test_what_the_project_leaves_open_is_a_question_with_its_candidates() -> None:
    """Two settings modules: deploying the wrong one would be noticed by nobody."""
    two = Ambiguous((Found("shop.prod", HERE), Found("shop.staging", HERE)), "Which settings?")

    [question] = open_questions(
        make_facts(production_settings=two), {"platform": "onprem"}, folder="checkout"
    )

    assert (question.name, question.text) == ("settings_module", "Which settings?")
    assert [value for value, _ in question.candidates] == ["shop.prod", "shop.staging"]


def test_an_open_question_names_the_option_that_answers_it() -> None:
    with pytest.raises(OpenQuestions) as caught:
        plan_of(project_root=Missing("a manage.py"))

    assert "looked for a manage.py" in str(caught.value)
    assert "--data project_root=" in str(caught.value)
    assert "Nothing was written." in str(caught.value)


def test_sqlite_becomes_postgresql_unless_a_person_keeps_it() -> None:
    sqlite = found(Database(engine="sqlite"))

    assert plan_of(database=sqlite).database_engine == "postgresql"
    assert plan_of(database=sqlite).has_sqlite_data
    assert plan_of({"database_engine": "sqlite"}, database=sqlite).database_engine == "sqlite"


def test_an_engine_that_is_not_provisioned_is_a_question() -> None:
    """D19: Oracle is named, and nothing else is taken for it."""
    [question] = open_questions(
        make_facts(database=found(Database(engine="oracle"))), {"platform": "onprem"}, folder="x"
    )

    assert question.name == "database_engine"
    assert "oracle (shop/settings.py:1)" in question.text


def test_sqlite_for_development_is_no_question() -> None:
    """One server database beside SQLite: production means the server."""
    both = Ambiguous(
        (Found(Database(engine="sqlite"), HERE), Found(Database(engine="mysql"), HERE)), "Which?"
    )

    assert plan_of(database=both).database_engine == "mysql"


def test_the_driver_is_added_and_what_is_there_is_not() -> None:
    packages = (Package(name="gunicorn", specifier="==23", version="23", evidence=HERE),)

    plan = plan_of(packages=packages, django_version=found("==5.2.1"))

    assert [line.partition("==")[0] for line in plan.missing_packages] == ["psycopg[binary]"]


def test_a_driver_that_is_added_brings_the_debian_packages_that_it_is_built_with() -> None:
    plan = plan_of({"database_engine": "mariadb"}, django_version=found("==5.2.1"))

    assert "default-libmysqlclient-dev" in plan.build_packages
    assert "libmariadb3" in plan.run_packages


def test_variables_keep_the_names_of_the_project_and_no_secret_default() -> None:
    variables = (
        EnvVar(name="MAILGUN_KEY", required=True, default="hunter2", evidence=HERE),
        EnvVar(name="PAGE_SIZE", required=False, default="20", evidence=HERE),
        EnvVar(name="SHOP_SECRET", required=True, default=None, evidence=HERE),
    )

    plan = plan_of(env_vars=found(variables), env_roles=(("secret_key", "SHOP_SECRET"),))

    assert plan.env_names == {"secret_key": "SHOP_SECRET"}
    assert plan.env_vars == [
        {"name": "MAILGUN_KEY", "required": True, "default": "", "where": "shop/settings.py"},
        {"name": "PAGE_SIZE", "required": False, "default": "20", "where": "shop/settings.py"},
    ]


def test_mail_that_the_project_does_not_start_without_is_asked_for() -> None:
    """The deployment sets the database's variables; nothing sets those of mail."""
    variables = (
        EnvVar(name="MAIL_SERVER", required=True, default=None, evidence=HERE),
        EnvVar(name="MAIL_PORT", required=False, default="25", evidence=HERE),
        EnvVar(name="DB", required=True, default=None, evidence=HERE),
    )
    roles = (("database_url", "DB"), ("email_host", "MAIL_SERVER"), ("email_port", "MAIL_PORT"))

    plan = plan_of(env_vars=found(variables), env_roles=roles)

    assert [row["name"] for row in plan.env_vars] == ["MAIL_SERVER"]
    assert plan.env_vars[0]["required"] is True


def test_uploads_to_a_bucket_are_not_served_from_disk() -> None:
    bucket = Media(url="/m/", root=None, backend="storages.backends.s3.S3Storage", file_fields=True)
    disk = Media(url="uploads", root="media", file_fields=True)

    assert not plan_of(media=found(bucket)).serves_media
    assert plan_of(media=found(disk)).serves_media
    assert plan_of(media=found(disk)).media_url == "/uploads/"


@pytest.mark.parametrize(
    ("backend", "served"),
    [
        ("django.core.files.storage.FileSystemStorage", True),
        ("django.core.files.storage.filesystem.FileSystemStorage", True),
        ("shop.storage.ProtectedFileSystemStorage", False),
    ],
)
def test_uploads_that_a_project_may_protect_are_not_published(backend: str, served: bool) -> None:
    """nginx asks nobody who may see a file; only Django's own storage means everybody."""
    media = Media(url="/media/", root="media", backend=backend, file_fields=True)

    assert plan_of(media=found(media)).serves_media is served
    assert plan_of({"serves_media": True}, media=found(media)).serves_media


def test_management_commands_that_run_for_ever_become_daemons() -> None:
    """One after the other, none lost; what a shell or another program would fill in is left out."""
    commands = (
        "./manage.py sendalerts --skip-checks",
        "/venv/bin/python3.12 manage.py process_tasks --queue a",
        "python manage.py process_tasks --queue b",
        "./manage.py smtpd --port %(_)",
        "cd app && python manage.py bot",
        "python manage.py bot $TOKEN",
        "python clock.py",
    )
    seen = tuple(Observation(kind="runs-for-ever", subject=one, evidence=HERE) for one in commands)

    assert plan_of(observations=seen).daemons == [
        {"name": "sendalerts", "command": "sendalerts --skip-checks"},
        {"name": "process-tasks", "command": "process_tasks --queue a"},
        {"name": "process-tasks-2", "command": "process_tasks --queue b"},
    ]


def test_settings_of_the_projects_own_image_are_a_question() -> None:
    made = Observation(
        kind="settings-made-in-image",
        subject="docker/config.py settings/config.py",
        evidence=(Place("docker/Dockerfile", 53),),
    )
    facts = {
        "production_settings": found("settings.config"),
        "default_settings": found("settings.common"),
        "observations": (made,),
    }

    with pytest.raises(OpenQuestions) as caught:
        plan_of(**facts)
    assert "docker/Dockerfile:53" in str(caught.value)
    assert "git add --force settings/config.py" in str(caught.value)
    assert "--data settings_module=settings.common" in str(caught.value)

    assert plan_of({"settings_module": "settings.config"}, **facts).settings_module


def test_the_extra_of_uvicorn_brings_its_websockets() -> None:
    def added(*extras: str) -> list[str]:
        uvicorn = Package(name="uvicorn", specifier="", version=None, evidence=HERE, extras=extras)
        plan = plan_of(needs_asgi=found(value=True), packages=(uvicorn,))
        return [line for line in plan.missing_packages if line.startswith("websockets")]

    assert added("standard") == []
    assert len(added()) == 1


def test_every_path_that_takes_a_password_is_slowed_down() -> None:
    read = found(("/accounts/login/", "/admin/login/"))

    assert plan_of().login_paths == ["/admin/login/"]
    plan = plan_of(login_paths=read)
    assert plan.login_path == "/accounts/login/"
    assert plan.login_paths == ["/accounts/login/", "/admin/login/"]
    # The one path that was recorded before there was a list, and the one that turns it off.
    said = plan_of({"login_path": "/enter/"}, login_paths=read)
    assert said.login_paths == ["/enter/", "/accounts/login/", "/admin/login/"]
    assert plan_of({"login_path": ""}, login_paths=read).login_paths == []


def test_what_makes_static_files_is_read_or_asked() -> None:
    commands = found(("compress --force",))

    assert plan_of().static_commands == []
    assert plan_of(static_commands=commands).static_commands == ["compress --force"]
    unsure = Ambiguous((commands, found(())), "Is COMPRESS_OFFLINE on in production?")
    with pytest.raises(OpenQuestions, match="static_commands"):
        plan_of(static_commands=unsure)
    assert plan_of({"static_commands": []}, static_commands=unsure).static_commands == []


def test_static_files_on_another_host_keep_the_local_path() -> None:
    """B14: an absolute URL is a CDN's; nginx still needs a path."""
    static = Static(url="https://cdn.example.org/static/", root=None)

    assert plan_of(static=found(static)).static_url == "/static/"


def test_a_front_end_that_needs_no_build_leaves_no_trace() -> None:
    lint_only = Frontend(needed=False, root="ui", package_json="ui/package.json", manager="npm")

    plan = plan_of(frontend=found(lint_only))

    assert (plan.frontend_root, plan.frontend_manager, plan.frontend_build) == ("", "", "")


def test_the_build_of_a_front_end_is_the_name_of_its_script() -> None:
    """B15: what runs it is the manager; `npm run npm run build` would run nothing."""
    pages = Frontend(needed=True, root="ui", manager="pnpm", build="pnpm run build:css")

    plan = plan_of(frontend=found(pages))

    assert (plan.frontend_manager, plan.frontend_build) == ("pnpm", "build:css")


def test_two_background_libraries_are_a_question() -> None:
    celery = TaskQueue(library="celery", app="shop.celery", beat=True)
    both = Ambiguous((Found(celery, HERE), Found(TaskQueue(library="rq"), HERE)), "Which runs?")

    [question] = open_questions(make_facts(task_queue=both), {"platform": "onprem"}, folder="x")
    plan = plan_of({"task_library": "celery"}, task_queue=both)

    assert question.name == "task_library"
    assert (plan.task_app, plan.uses_beat) == ("shop.celery", True)
