/** Requests: what is asked, and which answers are right. */

/**
 * One request. `status` is the right one; `expected` the right body, where it is known.
 * `{unique}` in path and body becomes a number that no other request has.
 * @typedef {{ method: string, path: string, headers: Record<string, string>,
 *   body: string | null, status: number, expected: string | null }} Asked
 */

export const UNIQUE = "{unique}";
const CHANGED =
  "another body than before; if that is right, `varies` in workloads.toml";
const NOT_ASCII = /[^\0-\x7f]+/g;
// In microseconds, so that no later generator begins below what this one has reached.
let last = Date.now() * 1000;

/** @param {Asked} asked */
export function filled({ path, body }) {
  last += 1;
  const number = String(last);
  return {
    path: path.replaceAll(UNIQUE, number),
    body: body?.replaceAll(UNIQUE, number),
  };
}

/** What came back: how long it took, in milliseconds, and what was not right. */
export class Answers {
  /** @type {number[]} */
  durations = [];
  /** How long was waited in vain, at least. @type {number[]} */
  waits = [];
  wrong = 0;
  failed = 0;
  /** @type {string | null} */
  example = null;

  /** @param {Asked} asked @param {number} status @param {string} body */
  check(asked, status, body) {
    if (status !== asked.status) this.#wrong(asked, `${status} for ${asked.status}`);
    else if (asked.expected !== null && !same(body, asked.expected))
      this.#wrong(asked, CHANGED);
  }

  /** @param {Asked} asked @param {string} what */
  #wrong(asked, what) {
    this.wrong += 1;
    this.tell(`${asked.method} ${asked.path}: ${what}`);
  }

  /** Keep the first example of what is not right. @param {unknown} what */
  tell(what) {
    this.example ??= String(what);
  }

  /** @param {number} count */
  missing(count) {
    this.failed += count;
    if (count > 0) this.tell("a connection was closed without an answer");
  }

  /** @param {number} seconds */
  summary(seconds) {
    const { wrong, failed, example } = this;
    const answered = this.durations.length;
    return {
      answered,
      seconds,
      latency: percentiles([...this.durations, ...this.waits]),
      wrong,
      failed,
      example,
    };
  }
}

/**
 * Whether two bodies are the same; a character that is not ASCII may have been cut in
 * two where a chunk of the body ends.
 * @param {string} body @param {string} expected
 */
function same(body, expected) {
  return (
    body === expected || body.replace(NOT_ASCII, "") === expected.replace(NOT_ASCII, "")
  );
}

/**
 * Return the percentiles of some figures by the method of the nearest rank.
 * @param {number[]} figures
 */
export function percentiles(figures) {
  const sorted = Float64Array.from(figures).sort();
  const at = (/** @type {number} */ share) =>
    sorted.length ? sorted[Math.ceil(share * sorted.length) - 1] : null;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
