"""Every expected failure: a class that holds data, whose ``str`` is the whole message.

A message has three parts: what happened, why that stops us, what to do next.
They are raised anywhere and caught once, in ``djscaffold.cli``.
"""

from __future__ import annotations

from djscaffold.errors.answers import (
    AnotherPlatform,
    AnswersExclude,
    DataFileUnreadable,
    InvalidAnswer,
    MissingAnswer,
    NotGenerated,
    OpenQuestions,
    PlatformUndecided,
    UnknownAnswers,
)
from djscaffold.errors.files import (
    AnotherRunWrites,
    FilesInTheWay,
    NotManaged,
    NotRestorable,
    NotWritten,
    TemplateFailed,
)
from djscaffold.errors.kind import (
    DjscaffoldError,
)
from djscaffold.errors.looking import (
    NoDjangoProject,
    UnknownCheck,
    UnreadableEnvironment,
)
from djscaffold.errors.versions import (
    AlreadyNewer,
    AlreadyThere,
    AnswersUnreadable,
    EditedButIgnored,
    GitFailed,
    GitMissing,
    MergeFailed,
    NotInGit,
    NotScaffolded,
    NotWrittenByUs,
    UncommittedChanges,
    UnknownVersion,
    UntrackedInTheWay,
)

__all__ = [
    "AlreadyNewer",
    "AlreadyThere",
    "AnotherPlatform",
    "AnotherRunWrites",
    "AnswersExclude",
    "AnswersUnreadable",
    "DataFileUnreadable",
    "DjscaffoldError",
    "EditedButIgnored",
    "FilesInTheWay",
    "GitFailed",
    "GitMissing",
    "InvalidAnswer",
    "MergeFailed",
    "MissingAnswer",
    "NoDjangoProject",
    "NotGenerated",
    "NotInGit",
    "NotManaged",
    "NotRestorable",
    "NotScaffolded",
    "NotWritten",
    "NotWrittenByUs",
    "OpenQuestions",
    "PlatformUndecided",
    "TemplateFailed",
    "UncommittedChanges",
    "UnknownAnswers",
    "UnknownCheck",
    "UnknownVersion",
    "UnreadableEnvironment",
    "UntrackedInTheWay",
]
