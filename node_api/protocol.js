/** Protocol: what the contract asks of HTTP itself, before and around every handler. */

import { parse as parseQuery } from "node:querystring";
import { corsHeaders } from "./cors.js";
import { ApiError, invalid, notFound, unrouted } from "./errors.js";

/** @import { Express, NextFunction, Request, Response } from "express" */
/** @import { z } from "zod" */

const LARGEST_HEAD = 16 * 1024;
// From here on making bytes of a text takes less time than leaving it to Node.
const LONG_TEXT = 4096;
const CONTROL = /%(?:[01][0-9A-F]|7F)/i;

/** Express's own router options: paths as strict as the contract's. */
export const STRICT = { caseSensitive: true, strict: true };

/**
 * Turn off what Express does by default and the contract does not want.
 * @param {Express} app
 */
export function install(app) {
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.disable("x-powered-by");
  app.disable("etag");
  // All parameters, not the first thousand; a repeated one is an array.
  app.set("query parser", (/** @type {string} */ text) =>
    parseQuery(text, "&", "=", { maxKeys: 0 }),
  );
  // Without an ETag Express still answers 304 to `If-None-Match: *`.
  Object.defineProperty(app.request, "fresh", { value: false });
  app.response.json = sendJson;
  app.use(protocol);
}

/**
 * Send JSON without the charset parameter that Express adds.
 * @this {Response}
 * @param {unknown} body
 */
function sendJson(body) {
  const text = JSON.stringify(body);
  // Node counts and copies a text several times, and bytes not at all.
  const content = text.length < LONG_TEXT ? text : Buffer.from(text);
  this.setHeader("Content-Type", "application/json");
  this.setHeader("Content-Length", Buffer.byteLength(content));
  this.end(content);
  return this;
}

/**
 * Middleware before every handler: CORS, refusals.
 * @param {Request} req
 * @param {Response} res
 * @param {NextFunction} next
 */
function protocol(req, res, next) {
  const cors = corsHeaders(req.headers.origin);
  for (const [name, value] of Object.entries(cors)) res.setHeader(name, value);
  const refusal = refuse(req);
  if (refusal) throw refusal;
  if (req.url.includes("%")) req.url = req.url.replace(UNRESERVED, decodeURIComponent);
  // Each router would answer OPTIONS for its own routes alone.
  if (req.method === "OPTIONS") unrouted(req, res);
  else next();
}

// Escaped letters, digits, - . _ ~, which mean the same as unescaped. FastAPI matches
// paths after decoding them, Express before.
const UNRESERVED = /%(?:3[0-9]|[46][1-9A-F]|[57][0-9A]|2D|2E|5F|7E)/gi;

/**
 * Return the refusal of a request that no handler may see, else undefined.
 * @param {Request} req
 */
function refuse(req) {
  const [target, query = ""] = splitOnce(req.url, "?");
  const head = req.rawHeaders.reduce((size, text) => size + text.length, 0);
  const escapes = target.includes("%");
  if (escapes && (malformed(target) || CONTROL.test(target)))
    return new ApiError(400, { path: "is malformed" });
  if (malformed(query)) return new ApiError(400, { query: "is malformed" });
  if (target.length + query.length + head > LARGEST_HEAD) {
    return new ApiError(431, { headers: "are too large" });
  }
  if (req.httpVersion === "1.1" && !req.headers.host) {
    return new ApiError(400, { host: "is missing" });
  }
  if (escapes && /%2f/i.test(target)) return notFound("path");
  return undefined;
}

/** @param {string} text @param {string} separator */
function splitOnce(text, separator) {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/**
 * Tell whether an escape is broken, is not UTF-8, or is NUL.
 * @param {string} target
 */
function malformed(target) {
  if (!target.includes("%")) return false;
  if (target.includes("%00")) return true;
  try {
    decodeURIComponent(target);
    return false;
  } catch {
    return true;
  }
}

/**
 * Return the value that the schema makes of this one; throw a 422 if there is none.
 * @template {z.ZodType} Schema
 * @param {Schema} schema
 * @param {unknown} value
 * @returns {z.output<Schema>}
 */
export function validated(schema, value) {
  const { data, error } = schema.safeParse(value);
  if (error) throw invalid(error.issues);
  return data;
}
