"""The Jinja environment that copier makes, without copier."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined, Undefined
from jinja2.sandbox import SandboxedEnvironment

from djscaffold.render.compiled import CompiledTemplates

# A text that is no file is its own template, called by this and itself.
_TEXT = "text:"
_UNDEFINED = {"jinja2.Undefined": Undefined, "jinja2.StrictUndefined": StrictUndefined}


class TemplateEnvironment:
    """Renders the files and the texts of one template; keeps what it has compiled."""

    def __init__(self, root: Path, options: Mapping[str, Any]) -> None:
        """Make the environment for the template in *root* by its ``_envops``."""
        envops: dict[str, Any] = {"keep_trailing_newline": True, **options}
        self._compiled = CompiledTemplates(envops)
        envops["undefined"] = _UNDEFINED[envops.get("undefined", "jinja2.Undefined")]
        self._jinja = SandboxedEnvironment(
            loader=ChoiceLoader([FunctionLoader(_text), FileSystemLoader(root)]),
            bytecode_cache=self._compiled,
            extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
            auto_reload=False,
            cache_size=-1,
            **envops,
        )

    def render_file(self, name: str, context: Mapping[str, Any]) -> str:
        """Return the template file called *name*, seen from the template's root, rendered."""
        return self._rendered(name, context)

    def evaluate(self, value: Any, context: Mapping[str, Any]) -> Any:
        """Return *value* with its texts rendered; numbers, booleans and mappings stay."""
        if isinstance(value, list):
            return [self.evaluate(item, context) for item in value]
        if not isinstance(value, str) or "{" not in value:
            return value
        return self._rendered(_TEXT + value, context)

    def _rendered(self, name: str, context: Mapping[str, Any]) -> str:
        """Return what ``Template.render`` would, without its two copies of all answers."""
        template = self._jinja.get_template(name)
        # Jinja only looks names up in it.
        names = cast(
            "dict[str, Any]", ChainMap(cast("dict[str, Any]", context), self._jinja.globals)
        )
        try:
            parts = template.root_render_func(template.new_context(names, shared=True))
            return self._jinja.concat(parts)
        except Exception:
            # Raises it again, with the lines of the template in the traceback.
            self._jinja.handle_exception()

    def keep_compiled(self) -> None:
        """Keep what was compiled for the next run."""
        self._compiled.save()


def _text(name: str) -> str | None:
    return name.removeprefix(_TEXT) if name.startswith(_TEXT) else None
