/** Requests: what is asked, and which answers are right. */

/**
 * One request. `status` is the right one; `expected` the right body, where it is known.
 * `{unique}` in the body becomes a number that no other request has.
 * @typedef {{ method: string, path: string, headers: Record<string, string>,
 *   body: string | null, status: number, expected: string | null }} Asked
 */

export const UNIQUE = "{unique}";
let last = Date.now();

/** @param {string} body */
export function filled(body) {
  last += 1;
  return body.replaceAll(UNIQUE, String(last));
}

/** What came back: how long it took, in milliseconds, and what was not right. */
export class Answers {
  /** @type {number[]} */
  durations = [];
  wrong = 0;
  failed = 0;
  /** @type {string | null} */
  example = null;

  /** @param {Asked} asked @param {number} status @param {string} body */
  check(asked, status, body) {
    if (status !== asked.status) this.#tell(asked, `${status} for ${asked.status}`);
    else if (asked.expected !== null && body !== asked.expected)
      this.#tell(asked, "another body than before");
  }

  /** @param {Asked} asked @param {string} what */
  #tell(asked, what) {
    this.wrong += 1;
    this.example ??= `${asked.method} ${asked.path}: ${what}`;
  }

  /** @param {unknown} error */
  fail(error) {
    this.failed += 1;
    this.example ??= String(error);
  }

  /** @param {number} seconds */
  summary(seconds) {
    const { wrong, failed, example } = this;
    const answered = this.durations.length;
    return {
      answered,
      seconds,
      latency: percentiles(this.durations),
      wrong,
      failed,
      example,
    };
  }
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
