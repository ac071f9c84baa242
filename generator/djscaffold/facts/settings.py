"""What the production settings assign, once everything they import is taken into account."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from djscaffold.facts import calls, configurations, modules
from djscaffold.facts.branches import ABSENT
from djscaffold.facts.data_files import SECRET_NAME
from djscaffold.facts.model import Ambiguous, Found, Missing, Place, Reading
from djscaffold.facts.names import Binding, Frame
from djscaffold.facts.names import Reading as Evaluation
from djscaffold.facts.project import EnvVar, Setting
from djscaffold.facts.source import Source
from djscaffold.facts.values import (
    Choice,
    Computed,
    Env,
    Items,
    Known,
    Mapping,
    Symbol,
    Value,
    alternatives,
    env_of,
    is_plain,
    likely,
    plain_or_none,
    repository_path,
    unset,
    walk,
)

# A URL that carries a password: "postgres://user:password@host/name".
_WITH_PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@")
_NOT_PRODUCTION = ("Dev", "Test", "Local", "Base", "CI", "Continuous", "Build", "Demo", "Common")


@dataclass(slots=True)
class Settings:
    """The production settings of a project: names, what they are bound to, and what was read."""

    evaluation: Evaluation
    bindings: dict[str, Binding] = field(default_factory=dict)
    configuration_class: Reading[str] = field(
        default_factory=lambda: Missing("django-configurations")
    )

    def value(self, name: str) -> Value | None:
        """Return what *name* is bound to, or None."""
        binding = self.bindings.get(name)
        if binding is None or (isinstance(binding.value, Symbol) and binding.value.name == ABSENT):
            return None
        return binding.value

    def places(self, name: str) -> tuple[Place, ...]:
        """Return the lines that *name* and its values stand on, the assignment first."""
        binding = self.bindings.get(name)
        if binding is None:
            return ()
        inside = (part.place for part in walk(binding.value))
        data = [place for place in inside if place.path and not place.path.endswith(".py")]
        return tuple(dict.fromkeys((binding.place, *data[:5])))

    def text(self, name: str) -> str | None:
        """Return the text that *name* most likely has when no variable is set."""
        value = self.value(name)
        if value is None:
            return None
        for one in (likely(value), unset(likely(value) or value), unset(value)):
            known = plain_or_none(likely(one))
            if known is not None:
                return repository_path(likely(one)) if not isinstance(known, list) else None
        return None

    def strings(self, name: str) -> tuple[str, ...]:
        """Return the texts in a list, those that only some conditions add among them."""
        return tuple(text for text, _ in self.items(name))

    def items(self, name: str) -> list[tuple[str, Value]]:
        """Return the texts in a list with their values; what only development adds is left out."""
        found: list[tuple[str, Value]] = []
        for one in _options(self.value(name)):
            if isinstance(one, Items):
                for item in one.items:
                    found += [pair for pair in _texts(item) if pair[0] not in dict(found)]
        return found


def _options(value: Value | None) -> list[Value]:
    """Return what *value* can be in production: one side where it is known which."""
    if not isinstance(value, Choice):
        return [value] if value is not None else []
    if value.prefer is not None:
        return _options(value.then if value.prefer else value.otherwise)
    return _options(value.then) + _options(value.otherwise)


def _texts(item: Value) -> list[tuple[str, Value]]:
    if isinstance(item, Choice):
        return [pair for one in _options(item) for pair in _texts(one)]
    known = plain_or_none(unset(item) if isinstance(item, Env) else item)
    return [(known, item)] if isinstance(known, str) else []


def read_settings(source: Source, folders: list[str], module: str, wanted: str | None) -> Settings:
    """Return what *module* gives in production; *wanted* names a configuration class."""
    frame = evaluated(source, folders, module)
    evaluation = frame.reading if frame else Evaluation(source, list(folders))
    if frame is None:
        return Settings(evaluation)
    classes = configurations.configuration_classes(frame)
    if not classes:
        return Settings(evaluation, frame.names.bindings)
    return _of_class(frame, classes, wanted)


def evaluated(source: Source, folders: list[str], module: str) -> Frame | None:
    """Return the frame of *module*, evaluated once for all who ask."""
    key = f"evaluation of {module}"
    if key not in source.memory:
        source.memory[key] = modules.load(Evaluation(source, list(folders)), module)
    frame: Frame | None = source.memory[key]
    return frame


def _of_class(frame: Frame, classes: dict[str, Any], wanted: str | None) -> Settings:
    """Return the settings of the configuration class for production."""
    reading = _choose_class(classes, wanted)
    name = reading.value if isinstance(reading, Found) else next(iter(classes))
    if isinstance(reading, Ambiguous) and reading.candidates:
        name = reading.candidates[0].value
    configurations.run_hooks(classes[name], frame)
    bindings = configurations.settings_of(classes[name], frame)
    lines = [(one.place.path, one.place.line) for one in calls.ancestry(classes[name], frame)]
    _forget_other_classes(frame, classes, name, lines)
    return Settings(frame.reading, bindings, reading)


def _forget_other_classes(
    frame: Frame, classes: dict[str, Any], name: str, lines: list[tuple[str, int]]
) -> None:
    """Drop what only other configuration classes read."""
    starts = sorted(
        (cls.place.line, (cls.place.path, cls.place.line) in lines)
        for cls in classes.values()
        if cls.place.path == frame.path
    )

    def belongs(place: Place) -> bool:
        if place.path != frame.path:
            return True
        owner = [mine for line, mine in starts if line <= place.line]
        return owner[-1] if owner else True

    frame.reading.reads[:] = [one for one in frame.reading.reads if belongs(one.env.place)]


def _choose_class(classes: dict[str, Any], wanted: str | None) -> Reading[str]:
    def found(name: str) -> Found[str]:
        return Found(name, (classes[name].place,))

    if wanted in classes:
        return found(wanted)
    exact = [name for name in classes if name.lower() in ("production", "prod")]
    if len(exact) == 1:
        return found(exact[0])
    others = [name for name in classes if not name.startswith(_NOT_PRODUCTION)]
    candidates = exact or others or list(classes)
    if len(candidates) == 1:
        return found(candidates[0])
    return Ambiguous(
        tuple(found(name) for name in candidates), "Which configuration class is for production?"
    )


def env_vars(settings: Settings) -> tuple[EnvVar, ...]:
    """Return every variable that the settings read, required ones as such."""
    evaluation = settings.evaluation
    names = {read.env.name for read in evaluation.reads}
    grouped: dict[str, list[Any]] = {}
    for read in evaluation.reads:
        companion = read.env.name.endswith("_FILE") and read.env.name[:-5] in names
        if not companion and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", read.env.name):
            grouped.setdefault(read.env.name, []).append(read)
    needed = _needed(settings)
    return tuple(_env_var(name, reads, needed) for name, reads in grouped.items())


def _env_var(name: str, reads: list[Any], needed: set[str]) -> EnvVar:
    required = any(read.env.required and read.certainty == 2 for read in reads)
    optional = any(not read.env.required and read.certainty == 2 for read in reads)
    defaults = [read.env.default for read in reads if read.env.default is not None]
    places = tuple(dict.fromkeys(read.env.place for read in reads))
    return EnvVar(
        name=name,
        required=(required and not (optional and not needed & {name})) or name in needed,
        default=_default(name, defaults),
        evidence=places,
    )


def _default(name: str, defaults: list[Value]) -> str | None:
    if SECRET_NAME.search(name):
        return None
    for value in defaults:
        known = plain_or_none(unset(value))
        if isinstance(known, list | tuple):
            return ",".join(str(one) for one in known)
        if known is not None and known != "" and not _WITH_PASSWORD.search(str(known)):
            path = repository_path(unset(value))
            return path if path is not None else str(known)
    return None


def _needed(settings: Settings) -> set[str]:
    """Return the variables that are read with a default, and without which nothing works."""
    needed = set(settings.evaluation.needed)
    secret = settings.value("SECRET_KEY")
    env = likely(secret)
    if isinstance(env, Env) and plain_or_none(unset(env)) in (None, "") and is_plain(unset(env)):
        needed.add(env.name)
    needed |= _needed_by_database(settings.value("DATABASES"))
    for name in settings.bindings:
        value = settings.value(name)
        needed |= _needed_in_text(value) if name.isupper() else set()
        for part in walk(value) if name.isupper() else ():
            if isinstance(part, Computed) and part.how.startswith(".") and part.parts:
                needed |= _method_of_none(part, value)
    return needed


def _needed_in_text(value: Value | None) -> set[str]:
    """Return the variables that a text is made of, and that would be ``None`` in it."""
    if isinstance(value, Choice):
        return set()
    # Made only if they are set: `if USER and PASSWORD: url = f"smtp://{USER}:{PASSWORD}@..."`.
    tests = [one.test for one in walk(value) if isinstance(one, Choice)]
    guarded = {part.name for test in tests for part in walk(test) if isinstance(part, Env)}
    return {
        inner.name
        for part in walk(value)
        if isinstance(part, Computed) and part.how == "text"
        for inner in part.parts
        if isinstance(inner, Env) and inner.name not in guarded and _is_none(unset(inner))
    }


def _is_none(value: Value) -> bool:
    return is_plain(value) and plain_or_none(value) is None


def _needed_by_database(databases: Value | None) -> set[str]:
    """Return the variables without which there is no usable default database."""
    if databases is None:
        return set()
    default = _entry(unset(databases), "default")
    if default is None and isinstance(_entry(likely(databases), "default"), Choice | Mapping):
        tests = [one.test for one in walk(databases) if isinstance(one, Choice)]
        read = [part for test in tests for part in walk(test) if isinstance(part, Env)]
        return {env.name for env in read if plain_or_none(unset(env)) is None}
    found: set[str] = set()
    for one in alternatives(_entry(databases, "default")) if default is not None else ():
        if not isinstance(one, Mapping) or "sqlite" in str(plain_or_none(one.get("ENGINE"))):
            continue
        if plain_or_none(one.get("ENGINE")) is None or len(alternatives(databases)) > 1:
            continue
        parts = [likely(one.get(key)) for key in ("NAME", "USER", "PASSWORD", "HOST")]
        found |= {
            part.name
            for part in parts
            if isinstance(part, Env)
            and is_plain(unset(part))
            and plain_or_none(unset(part)) is None
        }
    return found


def _entry(value: Value | None, key: str) -> Value | None:
    return value.get(key) if isinstance(value, Mapping) else None


def _method_of_none(part: Computed, whole: Value | None) -> set[str]:
    """Return the variable of ``os.environ.get("X").split(",")``: unset, it has no such method."""
    receiver = part.parts[0]
    if not isinstance(receiver, Env) or isinstance(likely(whole), Known):
        return set()
    if any(isinstance(one, Choice) for one in walk(whole)):
        return set()
    default = unset(receiver)
    return {receiver.name} if isinstance(default, Known) and default.value is None else set()


def settings_list(settings: Settings) -> tuple[Setting, ...]:
    """Return what is certain of every setting, without anything that sounds like a secret."""
    return tuple(
        _setting(name, binding)
        for name, binding in sorted(settings.bindings.items())
        if name.isupper() and not name.startswith("_")
    )


def _setting(name: str, binding: Binding) -> Setting:
    value = binding.value
    chosen = likely(value)
    known = is_plain(chosen)
    absent = isinstance(chosen, Symbol) and chosen.name == ABSENT
    shown = None if SECRET_NAME.search(name) else _shown(chosen)
    return Setting(
        name=name,
        value=shown,
        known=known,
        env=env_of(value),
        evidence=(binding.place,),
        only_if=_condition(value),
        default=None if absent or SECRET_NAME.search(name) else _shown(unset(value)),
        literal=_is_literal(value),
    )


def _is_literal(value: Value) -> bool:
    """Return whether a constant of the code may be what is used."""
    options = (*alternatives(value), *alternatives(unset(value)))
    return any(isinstance(one, Known) and bool(one.value) for one in options)


def _condition(value: Value) -> str | None:
    if not isinstance(value, Choice):
        return None
    names = env_of(value.test)
    return " and ".join(names) if names else f"line {value.place.line}"


def _shown(value: Value | None, depth: int = 0) -> Any:
    """Return what is certain of a value as plain data; secrets inside it are left out."""
    value = likely(value)
    match value:
        case Known():
            if _WITH_PASSWORD.search(str(value.value)):
                return None
            path = repository_path(value)
            if path is not None and not isinstance(value.value, str | int | float | bool):
                return path
            return path if isinstance(value.value, str) else value.value
        case Items() if depth < 6:
            return [_shown(item, depth + 1) for item in value.items]
        case Mapping() if depth < 6:
            return {
                str(key): None if SECRET_NAME.search(str(key)) else _shown(item, depth + 1)
                for key, item in value.entries
            }
    return None
