"""All targets, by name."""

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    addresses,
    env_files,
    environments,
    errors,
    escapes,
    events,
    fields,
    heads,
    json_texts,
    mistakes,
    pages,
    parameters,
    references,
    responses,
    scrubbers,
    secrets,
    stage_maps,
    tables,
    variable_names,
)

TARGETS: dict[str, Target] = {
    module.TARGET.name: module.TARGET
    for module in (
        heads,
        escapes,
        responses,
        references,
        environments,
        addresses,
        env_files,
        stage_maps,
        tables,
        variable_names,
        parameters,
        secrets,
        pages,
        fields,
        json_texts,
        mistakes,
        events,
        errors,
        scrubbers,
    )
}
