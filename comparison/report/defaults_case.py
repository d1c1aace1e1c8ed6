"""One probe of the atlas in full: what is sent, what came back, why, and the cure."""

from collections.abc import Iterator, Mapping

from comparison.defaults.pack import SIDES, Probe, Topic
from comparison.defaults.real import on_real
from comparison.defaults.results import Probed
from comparison.defaults.wire import request
from comparison.printable import painted
from comparison.report.layout import wrapped
from comparison.report.paint import Paint, plain


def render(topic: Topic, probe: Probe, probed: Probed, paint: Paint = plain) -> str:
    """All about one probe as text that ends with a newline."""
    lines = [paint(f"{topic.title} · {probe.name} ({topic.severity})", "bold")]
    lines += wrapped(topic.why, "  ")
    lines += ["", paint("The bare applications", "bold"), *_sent(probe)]
    lines += _outcomes(probed.bare)
    if topic.cause:
        lines += ["", *wrapped(f"Why: {topic.cause}", "  ")]
    for side in SIDES:
        if side in topic.cure:
            lines += wrapped(f"Cure in {side}: {topic.cure[side]}", "  ")
    real = on_real(probe)
    if real is not None and probed.real:
        lines += ["", paint("The real stacks", "bold"), *_sent(real)]
        lines += _outcomes(probed.real)
        if probed.known:
            lines += wrapped(f"They may differ: {probed.known}", "  ")
    return painted("\n".join(lines) + "\n")


def _sent(probe: Probe) -> Iterator[str]:
    """The bytes that are sent, or the steps."""
    if not probe.steps:
        sent = request(probe, "127.0.0.1").decode("latin-1")
        for line in sent.split("\r\n"):
            yield from wrapped(line, "    > ", most=4)
    for step in probe.steps:
        said = ", ".join(f"{key} {value!r}" for key, value in step.items())
        yield from wrapped(said, "    > ", most=6)


def _outcomes(outcomes: Mapping[str, str]) -> Iterator[str]:
    glyph = "=" if len(set(outcomes.values())) == 1 else "≠"
    for side, outcome in outcomes.items():
        yield from wrapped(outcome or "nothing", f"  {glyph} {side:<9}")
