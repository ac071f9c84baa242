"""Evaluate calls, attributes and classes of the project's own code."""

from __future__ import annotations

import ast
from dataclasses import replace

from djscaffold.facts import (
    configurations,
    data_files,
    dynaconf,
    evaluate,
    execute,
    libraries,
    modules,
    operations,
)
from djscaffold.facts.compute import CannotComputeError, compute_function, compute_method
from djscaffold.facts.environment import Arguments, call_reader, call_symbol
from djscaffold.facts.model import Place
from djscaffold.facts.names import Frame, Names
from djscaffold.facts.values import (
    Bound,
    Choice,
    Class,
    Computed,
    Function,
    Instance,
    Items,
    Known,
    Lazy,
    Mapping,
    Module,
    Reader,
    Symbol,
    UnknownError,
    Value,
    alternatives,
    plain,
    wrap,
)

MAX_CALLS = 25


def force(value: Value, frame: Frame) -> Value:
    """Return what a name imported from another module of the project stands for."""
    for _ in range(20):
        if not isinstance(value, Lazy):
            return value
        loaded = modules.load(frame.reading, value.dotted)
        binding = loaded.names.get(value.name) if loaded else None
        if binding is None:
            return Symbol(f"{value.dotted}.{value.name}", value.place)
        value = binding.value
    return Computed("circular import", (), value.place)


def find_attribute(value: Value, name: str, frame: Frame, place: Place) -> Value | None:
    """Return an attribute of a module, class or object of the project, or None."""
    match value:
        case Module():
            found = modules.attribute_of_module(frame, value, name, place)
            return force(found, frame) if found else Symbol(f"{value.dotted}.{name}", place)
        case Class():
            return _of_class(value, name, None, frame)
        case Instance():
            if name in value.attributes:
                return value.attributes[name]
            if dynaconf.is_dynaconf(value) and name.isupper():
                return dynaconf.item_of_dynaconf(frame, value, name, place)
            return _of_class(value.cls, name, value, frame)
        case Computed() if value.how.startswith("call "):
            return Computed(f"{value.how}.{name}", (value,), place)
    return None


def item_of_instance(value: Instance, key: Value, frame: Frame, place: Place) -> Value | None:
    """Return ``config["section"]`` of an object that settings are kept in, or None."""
    if data_files.is_parser(value):
        return data_files.item_of_parser(value, key, place)
    if dynaconf.is_dynaconf(value):
        return dynaconf.call_item(frame, value, "__getitem__", Arguments((key,), {}, place))
    return None


def ancestry(cls: Class, frame: Frame, depth: int = 0) -> list[Class]:
    """Return the class and the classes of the project that it derives from, nearest first."""
    found = [cls]
    for base in cls.bases if depth < 20 else ():
        resolved = force(base, frame)
        if isinstance(resolved, Class):
            found += [one for one in ancestry(resolved, frame, depth + 1) if one not in found]
    return found


def outside_bases(cls: Class, frame: Frame) -> list[str]:
    """Return the dotted names of the classes from outside that it derives from."""
    bases = [base for one in ancestry(cls, frame) for base in one.bases]
    return [base.name for base in (force(b, frame) for b in bases) if isinstance(base, Symbol)]


def _of_class(cls: Class, name: str, receiver: Instance | None, frame: Frame) -> Value | None:
    for one in ancestry(cls, frame):
        binding = one.names.bindings.get(name)
        if binding is None:
            continue
        value = force(binding.value, frame)
        if not isinstance(value, Function):
            return value
        decorators = decorators_of(value)
        bound = replace(value, receiver=cls if "classmethod" in decorators else receiver)
        if decorators & {"property", "cached_property", "classproperty"} and receiver:
            return call_function(bound, (), {}, frame, value.place)
        return value if "staticmethod" in decorators else bound
    return None


def decorators_of(function: Function) -> set[str]:
    """Return the last names of a function's decorators."""
    nodes = getattr(function.node, "decorator_list", [])
    return {ast.unparse(node).partition("(")[0].rpartition(".")[2] for node in nodes}


def call_value(
    function: Value,
    values: tuple[Value, ...],
    named: dict[str, Value],
    frame: Frame,
    place: Place,
) -> Value:
    """Return what calling *function* gives."""
    function = force(function, frame)
    call = Arguments(values, named, place)
    match function:
        case Symbol():
            return _call_symbol(function, call, frame)
        case Reader():
            return call_reader(frame.reading, function, "", call)
        case Bound():
            return _call_method(function, call, frame)
        case Function():
            return call_function(function, values, named, frame, place)
        case Class():
            return instantiate(function, call, frame)
        case Known():
            return _call_known(function, call, frame)
        case Instance() if dynaconf.is_dynaconf(function):
            return dynaconf.call_item(frame, function, "__call__", call)
    parts = (function, *values, *named.values())
    return Computed("call", tuple(p for p in parts if not isinstance(p, Function)), place)


def _call_known(value: Known, call: Arguments, frame: Frame) -> Value:
    """Return ``ROOT_DIR("static")``: django-environ's paths can be called."""
    return _call_method(Bound(value, "__call__", call.place), call, frame)


def _call_symbol(symbol: Symbol, call: Arguments, frame: Frame) -> Value:
    name = symbol.name
    found = call_symbol(frame.reading, name, call)
    if found is None:
        found = configurations.call_value_class(frame, name, call)
    if found is None:
        found = libraries.call_library(frame, name, call)
    if found is not None:
        return found
    try:
        arguments = [plain(value) for value in call.values]
        named = {key: plain(value) for key, value in call.named.items()}
        return wrap(compute_function(name, arguments, named), call.place)
    except (UnknownError, CannotComputeError):
        pass
    parts = (*call.values, *call.named.values())
    again = None
    if name.startswith(("builtins.", "os.path.")) and not call.named:
        again = lambda *parts: _call_symbol(symbol, Arguments(parts, {}, call.place), frame)  # noqa: E731
    return Computed(f"call {name}", parts, call.place, again)


def _call_method(bound: Bound, call: Arguments, frame: Frame) -> Value:
    receiver = bound.receiver
    if isinstance(receiver, Reader):
        return call_reader(frame.reading, receiver, bound.method, call)
    if isinstance(receiver, Choice) and len(alternatives(receiver)) <= operations.MAX_LIFTED:
        then = _call_method(replace(bound, receiver=receiver.then), call, frame)
        otherwise = _call_method(replace(bound, receiver=receiver.otherwise), call, frame)
        return replace(receiver, then=then, otherwise=otherwise)
    if isinstance(receiver, Instance) and data_files.is_parser(receiver):
        return data_files.call_parser(frame, receiver, bound.method, call)
    if isinstance(receiver, Instance) and dynaconf.is_dynaconf(receiver):
        return dynaconf.call_item(frame, receiver, bound.method, call)
    found = _container_method(receiver, bound.method, call)
    if found is not None:
        return found
    return method_of(bound.method, receiver, call)


def _container_method(receiver: Value, method: str, call: Arguments) -> Value | None:
    """Return what a dictionary that is not fully known answers."""
    if not isinstance(receiver, Mapping):
        return None
    key = call.get(0)
    if method == "get" and isinstance(key, Known):
        default = call.get(1) or Known(None, call.place)
        return receiver.get(key.value) or (default if receiver.complete else None)
    if method in ("items", "keys", "values"):
        pairs = [(Known(name, receiver.place), value) for name, value in receiver.entries]
        chosen: list[Value] = [
            Items(pair, receiver.place, "tuple")
            if method == "items"
            else pair[0 if method == "keys" else 1]
            for pair in pairs
        ]
        return Items(tuple(chosen), receiver.place, "list", receiver.complete)
    return receiver if method == "copy" else None


def method_of(method: str, receiver: Value, call: Arguments) -> Value:
    """Return ``receiver.method(...)`` of a value; computed if it is not known."""
    try:
        arguments = [plain(value) for value in call.values]
        named = {key: plain(value) for key, value in call.named.items()}
        return wrap(compute_method(plain(receiver), method, arguments, named), call.place)
    except (UnknownError, CannotComputeError):
        pass
    count = len(call.values)

    def again(receiver: Value, *more: Value) -> Value:
        named = dict(zip(call.named, more[count:], strict=True))
        return method_of(method, receiver, Arguments(more[:count], named, call.place))

    parts = (receiver, *call.values, *call.named.values())
    return Computed(f".{method}", parts, call.place, again)


def call_function(
    function: Function,
    values: tuple[Value, ...],
    named: dict[str, Value],
    frame: Frame,
    place: Place,
) -> Value:
    """Return what the project's own function returns for these arguments."""
    reading = frame.reading
    home = function.names
    if not isinstance(home, Frame) or reading.depth > 70 or reading.exhausted:
        return Computed("call", values, place)
    inner = home.inner()
    _bind(function, values, named, inner, place)
    reading.depth += 2
    try:
        if isinstance(function.node, ast.Lambda):
            return evaluate.evaluate(function.node.body, inner)
        if reading.active.count(id(function.node)) > 1 or len(reading.active) > MAX_CALLS:
            return Computed("call", values, place)
        reading.active.append(id(function.node))
        try:
            flow = execute.run_block(function.node.body, inner)
        finally:
            reading.active.pop()
    finally:
        reading.depth -= 2
    if flow is not None and flow.kind == "return" and flow.value is not None:
        return flow.value
    return Known(None, place) if flow is None else Computed("an error", values, place)


def _bind(
    function: Function,
    values: tuple[Value, ...],
    named: dict[str, Value],
    inner: Frame,
    place: Place,
) -> None:
    """Bind a function's parameters to the arguments of a call."""
    parameters = function.node.args
    if function.receiver is not None:
        values = (function.receiver, *values)
    names = [*parameters.posonlyargs, *parameters.args]
    defaults = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
    for position, name in enumerate(names):
        if position < len(values):
            value = values[position]
        else:
            value = _argument(name, named, defaults.get(name), inner)
        inner.names.set(name.arg, value, place)
    for name, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        inner.names.set(name.arg, _argument(name, named, default, inner), place)
    if parameters.vararg:
        rest = Items(values[len(names) :], place, "tuple")
        inner.names.set(parameters.vararg.arg, rest, place)
    if parameters.kwarg:
        known = {name.arg for name in (*names, *parameters.kwonlyargs)}
        entries = tuple((k, v) for k, v in named.items() if k not in known)
        inner.names.set(parameters.kwarg.arg, Mapping(entries, place), place)


def _argument(
    name: ast.arg, named: dict[str, Value], default: ast.expr | None, inner: Frame
) -> Value:
    if name.arg in named:
        return named[name.arg]
    return evaluate.evaluate(default, inner)


def instantiate(cls: Class, call: Arguments, frame: Frame) -> Value:
    """Return an object of a class of the project."""
    bases = outside_bases(cls, frame)
    found = libraries.instantiate_settings(cls, bases, call, frame)
    if found is not None:
        return found
    instance = Instance(cls, {}, call.place)
    constructor = _of_class(cls, "__init__", instance, frame)
    if isinstance(constructor, Function):
        call_function(constructor, call.values, call.named, frame, call.place)
        return instance
    fields = [name for one in reversed(ancestry(cls, frame)) for name in fields_of(one.names)]
    names = list(dict.fromkeys(fields))
    instance.attributes.update(zip(names, call.values, strict=False))
    instance.attributes.update(call.named)
    return instance


def fields_of(names: Names) -> list[str]:
    """Return the annotated names of a class body, in order."""
    annotated = names.bindings.get("__annotations__")
    if annotated and isinstance(annotated.value, Mapping):
        return [str(key) for key, _ in annotated.value.entries]
    return []
