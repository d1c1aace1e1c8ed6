/** Bodies: JSON in a request, read strictly and within limits. */

import { setImmediate } from "node:timers/promises";
import { ApiError } from "./errors.js";
import { validated } from "./protocol.js";

/** @import { Request, RequestHandler } from "express" */
/** @import { z } from "zod" */

const LARGEST_BODY = 1024 * 1024;
// What takes so long to parse that others must be heard in between.
const LARGE_BODY = 64 * 1024;
const DEEPEST = 64;
const MEDIA_TYPE =
  /^application\/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*(utf-8|"utf-8")[ \t]*)?$/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Ends when the latest large body may be parsed. @type {Promise<void>} */
let turn = Promise.resolve();

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
