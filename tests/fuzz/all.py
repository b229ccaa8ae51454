"""All targets, by name."""

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    addresses,
    environments,
    errors,
    escapes,
    events,
    fields,
    heads,
    json_texts,
    pages,
    parameters,
    references,
    responses,
    scrubbers,
    secrets,
    stage_maps,
    tables,
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
        stage_maps,
        tables,
        parameters,
        secrets,
        pages,
        fields,
        json_texts,
        events,
        errors,
        scrubbers,
    )
}
