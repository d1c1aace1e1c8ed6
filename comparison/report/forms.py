"""The forms of a report beside the text, by the name of `--format`."""

from collections.abc import Callable, Mapping

from comparison.findings.baseline import Baseline
from comparison.report import github, json, junit, markdown, sarif
from comparison.report.page import page
from comparison.run import Run

FORMS: Mapping[str, Callable[[Run, Baseline | None], str]] = {
    "json": json.render,
    "markdown": markdown.render,
    "github": github.render,
    "junit": junit.render,
    "sarif": sarif.render,
    "html": page.render,
}
