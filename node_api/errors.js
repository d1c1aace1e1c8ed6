/** Errors: every refusal of the API, in the one shape that the contract gives them. */

import { preflightHeaders } from "./cors.js";
import { DatabaseUnavailable, ReferenceViolation } from "./database.js";

/** @import { NextFunction, Request, Response, Router } from "express" */
/** @import { z } from "zod" */

const METHODS = ["delete", "get", "post", "put"];

/** A refusal: its HTTP status, and a message for each key at fault. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {Record<string, string>} errors
   * @param {Record<string, string>} [headers]
   */
  constructor(status, errors, headers = {}) {
    super(JSON.stringify(errors));
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  /** @param {Response} res */
  reply(res) {
    const errors = Object.entries(this.errors).map(([key, message]) => [
      key,
      [message],
    ]);
    res.status(this.status).set(this.headers);
    res.json({ errors: Object.fromEntries(errors) });
  }
}

/** @param {string} key @param {string} message */
export function unauthorized(key, message) {
  return new ApiError(401, { [key]: message }, { "WWW-Authenticate": "Token" });
}

/** @param {string} key */
export function forbidden(key) {
  return new ApiError(403, { [key]: "forbidden" });
}

/** @param {string} key */
export function notFound(key) {
  return new ApiError(404, { [key]: "not found" });
}

/** @param {string[]} keys */
export function taken(keys) {
  return new ApiError(
    409,
    Object.fromEntries(keys.map((key) => [key, "has already been taken"])),
  );
}

/**
 * Name each faulty field once, by its first fault.
 * @param {z.core.$ZodIssue[]} issues
 */
export function invalid(issues) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const { path, message } of issues) {
    // ["limit"], ["user"], ["article", "tagList", 3]
    const key = path.slice(0, 2).findLast((part) => typeof part === "string");
    errors[/** @type {string} */ (key)] ??= message;
  }
  return new ApiError(422, errors);
}

export function unavailable() {
  return new ApiError(503, { database: "is unavailable" }, { "Retry-After": "1" });
}

export function internal() {
  return new ApiError(500, { server: "internal error" });
}

/**
 * List the methods of this path: of all its routes, in every router.
 * @param {Record<string, Router[]>} mounts the routers by the path they are mounted on
 * @param {string} path
 */
function allowedMethods(mounts, path) {
  const allowed = new Set();
  for (const [prefix, routers] of Object.entries(mounts)) {
    if (!path.startsWith(prefix)) continue;
    const layers = /** @type {any[]} */ (routers.flatMap((router) => router.stack));
    for (const layer of layers) {
      if (!layer.route || !layer.match(path.slice(prefix.length))) continue;
      // A route for all methods ends the search, as it ends the request's.
      if (layer.route.methods._all) break;
      for (const method of METHODS)
        if (layer.route.methods[method]) allowed.add(method);
    }
  }
  if (allowed.has("get")) allowed.add("head");
  return [...allowed].map((method) => method.toUpperCase());
}

/**
 * Answer where no handler is: an unknown path, or a method that it lacks.
 * @param {Request} req
 * @param {Response} res
 */
export function unrouted(req, res) {
  const methods = allowedMethods(req.app.locals.mounts, req.baseUrl + req.path);
  if (methods.length === 0) throw notFound("path");
  const allow = [...methods, "OPTIONS"].sort().join(", ");
  if (req.method !== "OPTIONS") {
    throw new ApiError(405, { method: "not allowed" }, { Allow: allow });
  }
  res.set({ Allow: allow, ...preflightHeaders(req.headers.origin, allow) });
  res.status(204).end();
}

/**
 * Reply to everything that a handler throws.
 * @param {unknown} error
 * @param {Request} req
 * @param {Response} res
 * @param {NextFunction} next
 */
export function onError(error, req, res, next) {
  if (res.headersSent) {
    next(error);
  } else if (req.socket.destroyed) {
    // The client went away in the middle of its body: nobody waits for a reply.
    res.destroy();
  } else if (error instanceof ApiError) {
    error.reply(res);
  } else if (error instanceof ReferenceViolation) {
    // Only articles are ever deleted while others are about to refer to them.
    notFound("article").reply(res);
  } else if (error instanceof DatabaseUnavailable) {
    unavailable().reply(res);
  } else {
    console.error(`${req.method} ${req.path} failed`, error);
    internal().reply(res);
  }
}
