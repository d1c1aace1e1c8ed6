/** Values made from the schemas of the contract; the twin of examples.py. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import YAML from "yaml";

export const FAULT = process.env.FAULT ?? "";
const FILE = new URL("node_modules/@blockfrost/openapi/openapi.yaml", import.meta.url);
export const DOCUMENT = YAML.parse(readFileSync(fileURLToPath(FILE), "utf8"));

export function resolve(node) {
  while (node?.$ref !== undefined) {
    let found = DOCUMENT;
    for (const part of node.$ref.split("/").slice(1)) {
      found = found[part.replace("~1", "/")];
    }
    node = found;
  }
  return node;
}

/** FNV-1a of the text's UTF-8. */
export function number(text) {
  let found = 2166136261;
  for (const byte of Buffer.from(text)) {
    found = Math.imul(found ^ byte, 16777619) >>> 0;
  }
  return found;
}

/** A value that fits the schema; the same seed gives the same. */
export function example(schema, seed) {
  schema = resolve(schema);
  for (const part of schema.allOf ?? []) {
    schema = { ...resolve(part), ...schema };
  }
  for (const branches of ["oneOf", "anyOf"]) {
    if (branches in schema) {
      return example(schema[branches][0], seed);
    }
  }
  if ("enum" in schema) {
    return schema.enum[number(seed) % schema.enum.length];
  }
  if (schema.nullable && number(seed) % 5 === 0) {
    return null;
  }
  return made(schema, seed);
}

function made(schema, seed) {
  const kind = schema.type ?? ("properties" in schema ? "object" : "string");
  if (kind === "object") {
    const entries = Object.entries(schema.properties ?? {});
    const found = entries.map(([name, its]) => [name, example(its, `${seed}.${name}`)]);
    const gone = FAULT === "null";
    return Object.fromEntries(found.filter(([, one]) => one !== null || !gone));
  }
  if (kind === "array") {
    const least = schema.minItems ?? 1;
    const most = Math.min(schema.maxItems ?? 2, 1 + (number(seed) % 2));
    const length = Math.max(least, most);
    return Array.from({ length }, (_, at) =>
      example(schema.items ?? {}, `${seed}.${at}`),
    );
  }
  if (kind === "boolean") {
    return number(seed) % 2 === 0;
  }
  if (kind === "string") {
    return text(schema, seed);
  }
  const least = schema.minimum ?? 0;
  const value =
    least + (number(seed) % ((schema.maximum ?? least + 99999) - least + 1));
  return kind === "integer" ? value : value + 0.5;
}

function text(schema, seed) {
  if (schema.format === "date-time") {
    const day = 1 + (number(seed) % 28);
    return `2026-01-${String(day).padStart(2, "0")}T12:00:00Z`;
  }
  const words = Array.from({ length: 10 }, (_, at) =>
    number(seed + at)
      .toString(16)
      .padStart(8, "0"),
  );
  return words.join("").slice(0, Math.max(16, schema.minLength ?? 0));
}

/** Whether a body is valid, as far as the contract's few bodies need it. */
export function fits(schema, value) {
  schema = resolve(schema);
  if ("anyOf" in schema && !schema.anyOf.some((one) => fits(one, value))) {
    return false;
  }
  if (schema.type === "object") {
    return fitsObject(schema, value);
  }
  if (schema.type === "array") {
    return (
      Array.isArray(value) &&
      (schema.minItems ?? 0) <= value.length &&
      value.length <= (schema.maxItems ?? value.length) &&
      value.every((item) => fits(schema.items, item))
    );
  }
  if (schema.type === "number") {
    return typeof value === "number";
  }
  return schema.type !== "string" || typeof value === "string";
}

function fitsObject(schema, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return false;
  }
  const known = schema.properties ?? {};
  const more = schema.additionalProperties ?? true;
  return (
    (schema.required ?? []).every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, item]) =>
      fits(Object.hasOwn(known, name) ? known[name] : more === true ? {} : more, item),
    )
  );
}
