/** Fields: the kinds of text and numbers in requests and replies. */

import { z } from "zod";

export const LARGEST_INTEGER = Number.MAX_SAFE_INTEGER;
const BLANK =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*$/;
const DECIMAL = /^(0|-?[1-9][0-9]*)$/;

// Differs: a schema names a property once, as it is in JSON. Pydantic's shapes also have
// names of their own, in snake_case, that a request must not use.

/**
 * @typedef {object} Limits
 * @property {number} [minimum] in code points
 * @property {number} maximum in code points
 * @property {RegExp} [pattern]
 */

/**
 * Text that must be there and not blank.
 * @param {Limits} limits
 */
export function requiredText(limits) {
  return z
    .string({ error: ({ input }) => absence(input) ?? "must be a string" })
    .superRefine((text, context) => {
      const message = BLANK.test(text) ? "can't be blank" : faultOf(text, limits);
      if (message) context.addIssue({ code: "custom", message });
    });
}

/**
 * Text that may be null, and is null when it is empty.
 * @param {Limits} limits
 */
export function nullableText(limits) {
  return z
    .string({ error: "must be a string" })
    .superRefine((text, context) => {
      const message = faultOf(text, limits);
      if (message) context.addIssue({ code: "custom", message });
    })
    .nullable()
    .transform((text) => text || null);
}

/**
 * An object of the contract; unknown properties are dropped.
 * @template {z.ZodRawShape} Shape
 * @param {Shape} shape
 */
export function object(shape) {
  return z.object(shape, {
    error: ({ input }) => (input === undefined ? "is missing" : "must be an object"),
  });
}

/**
 * An array of at most so many items.
 * @template {z.ZodType} Item
 * @param {Item} item
 * @param {number} maximum
 */
export function array(item, maximum) {
  return z
    .array(z.unknown(), { error: "must be an array" })
    .max(maximum, `has too many items (maximum is ${maximum})`)
    .pipe(z.array(item));
}

/**
 * A query's integer: decimal digits only, given once, within its range.
 * @param {number} minimum
 * @param {number} maximum
 */
export function between(minimum, maximum) {
  return z.unknown().transform((value, context) => {
    const number = Number(value);
    let message;
    if (Array.isArray(value)) message = "must be given once";
    else if (!DECIMAL.test(String(value))) message = "must be an integer";
    else if (number < minimum || number > maximum) {
      message = `must be between ${minimum} and ${maximum}`;
    }
    if (message) context.addIssue({ code: "custom", message });
    return number;
  });
}

/**
 * A query's text, given once; empty is no filter.
 * @param {Limits} limits
 */
export function filter(limits) {
  return z
    .string({ error: "must be given once" })
    .superRefine((text, context) => {
      const message = faultOf(text, limits);
      if (message) context.addIssue({ code: "custom", message });
    })
    .default("");
}

/** @param {unknown} input */
function absence(input) {
  if (input === undefined) return "is missing";
  return input === null ? "can't be blank" : undefined;
}

/** @param {string} text @param {Limits} limits */
function faultOf(text, { minimum = 0, maximum, pattern }) {
  if (text.includes("\0") || !text.isWellFormed()) return "contains invalid characters";
  // A string's own length is in UTF-16 units.
  const length = [...text].length;
  if (length < minimum) return `is too short (minimum is ${minimum} characters)`;
  if (length > maximum) return `is too long (maximum is ${maximum} characters)`;
  if (pattern && !pattern.test(text)) return "is invalid";
  return undefined;
}

/** Return milliseconds since 1970. */
export function now() {
  return Date.now();
}

/**
 * Return the function that remembers the results of this one: what is read at all is
 * mostly read again soon. With so many it forgets them all, and begins anew.
 *
 * Differs: Python's standard library has it, as `lru_cache`.
 * @template Key, Value
 * @param {number} most
 * @param {(key: Key) => Value} make
 */
export function remembered(most, make) {
  /** @type {Map<Key, Value>} */
  const known = new Map();
  return (/** @type {Key} */ key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      if (known.size === most) known.clear();
      known.set(key, value);
    }
    return value;
  };
}

/** Write a time, in milliseconds since 1970, as the contract does: UTC, three digits, Z. */
export const timestamp = remembered(10_000, (/** @type {number} */ milliseconds) =>
  new Date(milliseconds).toISOString(),
);
