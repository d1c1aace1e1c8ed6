/** What a request means, by the contract; the twin of request.py. */

import { DOCUMENT, resolve } from "./examples.js";

const NUMBERS = {
  integer: /^-?[0-9]{1,15}$/,
  number: /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/,
  boolean: /^(true|false)$/,
};

/** The request ends with this status. */
export class Refused extends Error {
  constructor(status, headers = {}) {
    super(String(status));
    this.status = status;
    this.headers = headers;
  }
}

export function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused(400);
  }
}

function decoded(part) {
  if (/%(?![0-9a-fA-F]{2})/.test(part)) {
    throw new Refused(400);
  }
  const bytes = Buffer.from(part).toString("latin1");
  const whole = bytes.replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return utf8(Buffer.from(whole, "latin1"));
}

/** The template that fits, the one with the fewest parameters, and their texts. */
export function routed(path) {
  const parts = path.split("/");
  let found = null;
  for (const template of Object.keys(DOCUMENT.paths)) {
    const names = template.split("/");
    const free = names.map((name, at) => name.startsWith("{") && parts[at] !== "");
    const same = names.every((name, at) => free[at] || name === parts[at]);
    const count = free.filter(Boolean).length;
    if (names.length === parts.length && same && (!found || count < found.count)) {
      found = { template, names, free, count };
    }
  }
  if (found === null) {
    throw new Refused(404);
  }
  const values = {};
  for (const [at, name] of found.names.entries()) {
    if (found.free[at]) {
      values[name.slice(1, -1)] = decoded(parts[at]);
    }
  }
  return [found.template, values];
}

/** The query; of a name that stands twice the first counts. */
export function queried(query) {
  const found = new Map();
  for (const pair of query ? query.split("&") : []) {
    const [name, ...rest] = pair.replaceAll("+", " ").split("=");
    const [key, value] = [decoded(name), decoded(rest.join("="))];
    if (!found.has(key)) {
      found.set(key, value);
    }
  }
  return Object.fromEntries(found);
}

export function check(parameter, value) {
  const schema = resolve(parameter.schema);
  if (value === undefined) {
    if (parameter.required) {
      throw new Refused(400);
    }
    return;
  }
  const shape = NUMBERS[schema.type];
  if (shape && !shape.test(value)) {
    throw new Refused(400);
  }
  if (
    schema.type === "integer" &&
    (Number(value) < (schema.minimum ?? -1e15) ||
      Number(value) > (schema.maximum ?? 1e15))
  ) {
    throw new Refused(400);
  }
  if (schema.enum && !schema.enum.includes(value)) {
    throw new Refused(400);
  }
}
