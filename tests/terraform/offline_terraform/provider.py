"""One provider: every procedure that terraform calls, answered from a schema file.

A plan makes unknown what is computed and not given; an apply fills it in; nothing ever drifts.
Two things a schema does not tell: which change needs a replacement (all are planned as updates),
and the defaults of optional arguments (they stay null).
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import grpc

from offline_terraform.computed import computed_value, place
from offline_terraform.rules import Problem, find_problems
from offline_terraform.values import UNKNOWN, is_known, pack, rebuild, unpack

messages, services = grpc.protos_and_services("offline_terraform/tfplugin5.proto")

KINDS = ("resource", "data_source", "ephemeral_resource")


class Provider(services.ProviderServicer):
    """Answers terraform for the provider whose schemas stand in *schema_file*."""

    def __init__(self, schema_file: Path, rules_file: Path, computed_file: Path) -> None:
        document = json.loads(schema_file.read_text())
        [(self.source, self.schemas)] = document["provider_schemas"].items()
        self.rules = json.loads(rules_file.read_text()) if rules_file.exists() else {}
        computed = json.loads(computed_file.read_text())
        self.in_plan, self.after_apply = computed["in_plan"], computed["after_apply"]
        self.place = place("eu-west-1")

    def _block(self, kind: str, request: Any) -> dict[str, Any]:
        return self.schemas[f"{kind}_schemas"][request.type_name]["block"]

    @cached_property
    def _all_schemas(self) -> Any:
        every = {
            f"{kind}_schemas": {
                name: _schema(schema) for name, schema in self.schemas[f"{kind}_schemas"].items()
            }
            for kind in KINDS
        }
        return messages.GetSchemaResponse(
            provider=_schema(self.schemas["provider"]),
            server_capabilities={"get_provider_schema_optional": True},
            **every,
        )

    def GetSchema(self, request: Any, context: Any) -> Any:
        """Return every schema."""
        return self._all_schemas

    def PrepareProviderConfig(self, request: Any, context: Any) -> Any:
        """Return the configuration as it came."""
        return messages.PrepareProviderConfigResponse(prepared_config=request.config)

    def Configure(self, request: Any, context: Any) -> Any:
        """Accept any configuration that fits the schema; remember the region."""
        region = (unpack(request.config.msgpack) or {}).get("region")
        self.place = place(region if isinstance(region, str) else "eu-west-1")
        return messages.DiagnosticsResponse()

    def Stop(self, request: Any, context: Any) -> Any:
        """Do nothing."""
        return messages.Empty()

    def ValidateResourceTypeConfig(self, request: Any, context: Any) -> Any:
        """Return what the rules say about a resource."""
        return self._validate("resource", request)

    def ValidateDataSourceConfig(self, request: Any, context: Any) -> Any:
        """Return what the rules say about a data source."""
        return self._validate("data_source", request)

    def ValidateEphemeralResourceConfig(self, request: Any, context: Any) -> Any:
        """Return what the rules say about an ephemeral resource."""
        return self._validate("ephemeral_resource", request)

    def _validate(self, kind: str, request: Any) -> Any:
        rules = self.rules.get(f"{kind}s", {}).get(request.type_name, {})
        config = unpack(request.config.msgpack)
        problems = find_problems(rules, self._block(kind, request), config)
        return messages.DiagnosticsResponse(diagnostics=map(_diagnostic, problems))

    def PlanResourceChange(self, request: Any, context: Any) -> Any:
        """Return the planned state: what is proposed, and unknown what only apply tells."""
        prior = unpack(request.prior_state.msgpack)
        proposed = unpack(request.proposed_new_state.msgpack)
        if proposed is None:
            return messages.PlanResourceChangeResponse(planned_state=_value(None))

        def choose(path: tuple[str, ...], schema: dict[str, Any], value: Any) -> Any:
            if schema.get("write_only"):
                return None
            if value is not None or prior is not None or not schema.get("computed"):
                return value
            if ".".join(path) in self.in_plan.get(request.type_name, {}):
                return self._computed(request, proposed, path, schema, self.in_plan)
            return UNKNOWN

        planned = rebuild(self._block("resource", request), proposed, choose)
        return messages.PlanResourceChangeResponse(planned_state=_value(planned))

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:
        """Return the new state: what was planned, with the unknown filled in."""
        planned = unpack(request.planned_state.msgpack)
        if planned is None:
            return messages.StateResponse(new_state=_value(None))

        def choose(path: tuple[str, ...], schema: dict[str, Any], value: Any) -> Any:
            if is_known(value):
                return value
            return self._computed(request, planned, path, schema)

        state = rebuild(self._block("resource", request), planned, choose)
        return messages.StateResponse(new_state=_value(state))

    def ReadResource(self, request: Any, context: Any) -> Any:
        """Return the state unchanged."""
        return messages.StateResponse(new_state=request.current_state)

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:
        """Return a state read from a file, with every attribute of the schema."""
        state = json.loads(request.raw_state.json)
        whole = rebuild(self._block("resource", request), state, _from_file)
        return messages.UpgradeResourceStateResponse(upgraded_state=_value(whole))

    def ImportResourceState(self, request: Any, context: Any) -> Any:
        """Return a resource of which nothing is known but its id."""
        state = self._filled("resource", request, {"id": request.id})
        resource = {"type_name": request.type_name, "state": _value(state)}
        return messages.ImportResourceStateResponse(imported_resources=[resource])

    def ReadDataSource(self, request: Any, context: Any) -> Any:
        """Return what was asked for, with the rest made up."""
        state = self._filled("data_source", request, unpack(request.config.msgpack))
        return messages.ReadDataSourceResponse(state=_value(state))

    def OpenEphemeralResource(self, request: Any, context: Any) -> Any:
        """Return what was asked for, with the rest made up."""
        result = self._filled("ephemeral_resource", request, unpack(request.config.msgpack))
        return messages.OpenEphemeralResourceResponse(result=_value(result))

    def RenewEphemeralResource(self, request: Any, context: Any) -> Any:
        """Do nothing."""
        return messages.DiagnosticsResponse()

    def CloseEphemeralResource(self, request: Any, context: Any) -> Any:
        """Do nothing."""
        return messages.DiagnosticsResponse()

    def _filled(self, kind: str, request: Any, config: dict[str, Any]) -> dict[str, Any]:
        def choose(path: tuple[str, ...], schema: dict[str, Any], value: Any) -> Any:
            if value is not None or not schema.get("computed"):
                return value
            return self._computed(request, config, path, schema)

        return rebuild(self._block(kind, request), config, choose)

    def _computed(
        self,
        request: Any,
        config: dict[str, Any],
        path: tuple[str, ...],
        schema: dict[str, Any],
        presets: dict[str, Any] | None = None,
    ) -> Any:
        known = {**config, **self.place}
        return computed_value(
            presets or self.after_apply, request.type_name, known, path, schema["type"]
        )


def _value(value: Any) -> Any:
    return messages.DynamicValue(msgpack=pack(value))


def _diagnostic(problem: Problem) -> Any:
    steps = [
        {"element_key_int": step} if isinstance(step, int) else {"attribute_name": step}
        for step in problem.steps
    ]
    return messages.Diagnostic(
        severity=messages.Diagnostic.ERROR,
        summary="The provider would refuse this",
        detail=problem.text,
        attribute={"steps": steps},
    )


def _schema(schema: dict[str, Any]) -> Any:
    return messages.Schema(version=schema.get("version", 0), block=_block(schema["block"]))


def _block(block: dict[str, Any]) -> Any:
    return messages.Schema.Block(
        attributes=[
            {
                "name": name,
                "type": json.dumps(attribute["type"]).encode(),
                **{flag: attribute[flag] for flag in _FLAGS if flag in attribute},
            }
            for name, attribute in block.get("attributes", {}).items()
        ],
        block_types=[
            {
                "type_name": name,
                "block": _block(nested["block"]),
                "nesting": nested["nesting_mode"].upper(),
                "min_items": nested.get("min_items", 0),
                "max_items": nested.get("max_items", 0),
            }
            for name, nested in block.get("block_types", {}).items()
        ],
    )


_FLAGS = ("required", "optional", "computed", "sensitive", "write_only")


def _from_file(path: tuple[str, ...], schema: dict[str, Any], value: Any) -> Any:
    """Return an attribute as terraform sends it: a value of any type brings its type along."""
    if schema["type"] == "dynamic" and isinstance(value, dict):
        return [json.dumps(value["type"]).encode(), value["value"]]
    return value
