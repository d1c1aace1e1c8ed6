/** Protocol: what the contract asks of HTTP itself, before and around every handler. */

import { parse as parseQuery } from "node:querystring";
import { setImmediate } from "node:timers/promises";
import { corsHeaders } from "./cors.js";
import { ApiError, invalid, notFound } from "./errors.js";

/** @import { Express, NextFunction, Request, RequestHandler, Response } from "express" */
/** @import { z } from "zod" */

const LARGEST_HEAD = 16 * 1024;
const LARGEST_BODY = 1024 * 1024;
// What takes so long to parse that others must be heard in between.
const LARGE_BODY = 64 * 1024;
const DEEPEST = 64;
const MEDIA_TYPE =
  /^application\/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*(utf-8|"utf-8")[ \t]*)?$/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const CONTROL = /%(?:[01][0-9A-F]|7F)/i;

/** Ends when the latest large body may be parsed. @type {Promise<void>} */
let turn = Promise.resolve();

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
  this.setHeader("Content-Type", "application/json");
  this.setHeader("Content-Length", Buffer.byteLength(text));
  this.end(text);
  return this;
}

/**
 * Middleware before every handler: CORS, refusals.
 * @param {Request} req
 * @param {Response} res
 * @param {NextFunction} next
 */
function protocol(req, res, next) {
  res.set(corsHeaders(req.headers.origin));
  const refusal = refuse(req);
  if (refusal) throw refusal;
  req.url = req.url.replace(UNRESERVED, decodeURIComponent);
  next();
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
  if (malformed(target) || CONTROL.test(target))
    return new ApiError(400, { path: "is malformed" });
  if (malformed(query)) return new ApiError(400, { query: "is malformed" });
  if (target.length + query.length + head > LARGEST_HEAD) {
    return new ApiError(431, { headers: "are too large" });
  }
  if (req.httpVersion === "1.1" && !req.headers.host) {
    return new ApiError(400, { host: "is missing" });
  }
  if (/%2f/i.test(target)) return notFound("path");
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
  if (target.includes("%00")) return true;
  try {
    decodeURIComponent(target);
    return false;
  } catch {
    return true;
  }
}

/**
 * Middleware that reads the body and validates it; `req.body` is what the schema gives.
 *
 * Differs: FastAPI reads the body before it runs any dependency, Express when the chain
 * of handlers comes to it, so that here its faults need no keeping.
 * @param {z.ZodType} schema
 * @returns {RequestHandler}
 */
export function body(schema) {
  return async function readAndValidate(req, _res, next) {
    req.body = validated(schema, parse(await read(req)));
    next();
  };
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

/** @param {Request} req */
async function read(req) {
  const fault = faultOfHeaders(req);
  if (fault?.status === 413) throw fault;
  const parts = [];
  let size = 0;
  // Leaving the loop early must not destroy the connection.
  for await (const part of req.iterator({ destroyOnReturn: false })) {
    size += part.length;
    if (size > LARGEST_BODY) break;
    parts.push(part);
  }
  if (size > LARGEST_BODY) {
    // Read on and forget it, or the client's next request would never be seen.
    req.resume();
    throw fault ?? bodyError(413, "is too large");
  }
  if (size === 0) throw bodyError(400, "is missing");
  if (fault) throw fault;
  // One large body in each round of the event loop.
  if (size > LARGE_BODY) await (turn = turn.then(() => setImmediate()));
  return Buffer.concat(parts);
}

/** @param {Request} req */
function faultOfHeaders(req) {
  if (!MEDIA_TYPE.test(req.headers["content-type"] ?? "")) {
    return bodyError(415, "must be application/json");
  }
  const encodings = (req.headers["content-encoding"] ?? "").toLowerCase();
  if (encodings !== "" && encodings !== "identity") {
    return bodyError(415, "must be unencoded");
  }
  if (Number(req.headers["content-length"] ?? 0) > LARGEST_BODY) {
    return bodyError(413, "is too large");
  }
  return undefined;
}

/** @param {number} status @param {string} message */
function bodyError(status, message) {
  return new ApiError(status, { body: message });
}

/**
 * Return the object that a JSON text holds; throw an ApiError if there is none.
 * @param {Buffer} bytes
 */
function parse(bytes) {
  let value;
  try {
    const text = UTF8.decode(bytes);
    if (depth(text) > DEEPEST) throw bodyError(400, "is nested too deeply");
    value = JSON.parse(text);
  } catch (error) {
    throw error instanceof ApiError ? error : bodyError(400, "is not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw bodyError(422, "must be an object");
  }
  return value;
}

/**
 * Return how deep brackets nest, as FastAPI's twin must know before it parses; it is
 * enough to know that it is too deep.
 * @param {string} text
 */
function depth(text) {
  let level = 0;
  let deepest = 0;
  for (let index = 0; index < text.length && deepest <= DEEPEST; index += 1) {
    const character = text[index];
    if (character === '"') index = endOfString(text, index);
    else if (character === "[" || character === "{") level += 1;
    else if (character === "]" || character === "}") level -= 1;
    if (level > deepest) deepest = level;
  }
  return deepest;
}

/** @param {string} text @param {number} index */
function endOfString(text, index) {
  for (index += 1; index < text.length && text[index] !== '"'; index += 1) {
    if (text[index] === "\\") index += 1;
  }
  return index;
}
