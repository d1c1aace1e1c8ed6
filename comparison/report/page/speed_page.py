"""A page of the speed alone, which looks like that of a whole run."""

from comparison.printable import harmless
from comparison.report.page.drawing import environment
from comparison.report.page.slugs import Slugs
from comparison.report.page.speed import chapter
from comparison.report.speed_reading import Entry, Reading
from comparison.report.speed_words import first_line


def render(speed: Entry) -> str:
    """The whole page of a measurement, as `Speed.as_json` gives it."""
    template = environment().get_template("speed_page.html")
    reading = Reading(speed)
    told = {
        "speed": chapter(speed),
        "speed_line": first_line(speed),
        "titles": [reading.title(name) for name in reading.stacks],
        "started": speed["started"],
        "slug": Slugs(),
    }
    return harmless(template.render(told))
