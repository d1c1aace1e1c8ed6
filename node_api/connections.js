/** Connections: how long a client may take, and what it hears if nothing can be parsed.
 *
 * Differs: Node's server has these limits, and they are only set here. Uvicorn has none,
 * and leaves them to a reverse proxy; its protocol is taught them in the twin.
 */

import { STATUS_CODES } from "node:http";
import { setImmediate } from "node:timers";
import { settings } from "./settings.js";

/** @import { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http" */
/** @import { Duplex } from "node:stream" */

const MOST_HEADERS = 1000;
const MOST_AT_ONCE = 100;
// A connection closed with something unread is reset, and the reply may be lost with
// it. So for this time, in milliseconds, what still comes is read and forgotten.
const LINGER = 1000;

// A proxy's form of the target, with what Uvicorn's parser takes for a host.
const PROXIED = /^https?:/i;
const ORIGIN =
  /^https?:\/\/(?:[^/?#@]+@)?(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?(?=\/)/i;

/** @typedef {readonly [status: number, key: string, message: string]} Refusal */
/** @type {Refusal} */
const MALFORMED = [400, "request", "is malformed"];
/** @type {Refusal} */
const TOO_SLOW = [408, "request", "took too long"];
/** @type {Refusal} */
const TOO_LARGE = [431, "headers", "are too large"];

/** @satisfies {import("node:http").ServerOptions} */
export const LIMITS = {
  headersTimeout: settings.HEADERS_TIMEOUT * 1000,
  requestTimeout: settings.REQUEST_TIMEOUT * 1000,
  // How often Node looks at these two.
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  // Node would add a second of its own, which no client is told of.
  keepAliveTimeoutBuffer: 0,
  // Beyond it the application never sees the head; P3's own limit is far below.
  maxHeaderSize: 64 * 1024,
  // The application refuses what lacks a Host, in the contract's shape.
  requireHostHeader: false,
};

/** @type {Map<Duplex, ServerResponse | undefined>} each with its latest reply, or one to be */
const connections = new Map();
/** @type {WeakMap<Duplex, number>} how many requests wait for the replies before theirs */
const queued = new WeakMap();
/** @type {WeakSet<Duplex>} connections that take no request any more */
const closing = new WeakSet();

/** Hand a server's requests to the application, and refuse what is none.
 * @param {Server} server
 * @param {RequestListener} app
 */
export function guard(server, app) {
  server.maxHeadersCount = MOST_HEADERS;
  server.timeout = LIMITS.requestTimeout;
  server.on("connection", (socket) => {
    connections.set(socket, undefined);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", (req, res) => {
    const earlier = connections.get(req.socket);
    if (!accept(req, res)) return;
    if (!earlier || earlier.writableFinished) app(req, res);
    else queue(req.socket, earlier, res, () => app(req, res));
  });
  // Nothing comes or goes any more: an idle connection, or a client that does not read.
  server.on("timeout", (socket) => {
    if (socket.writableLength > 0 || connections.get(socket)?.headersSent)
      socket.destroy();
  });
  // Whatever else a client expects, it gets the reply.
  server.on("checkExpectation", (req, res) => server.emit("request", req, res));
  server.on("clientError", (error, socket) => {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    if (closing.has(socket) || code === "HPE_CLOSED_CONNECTION") return;
    if (code === "ERR_HTTP_REQUEST_TIMEOUT") refuse(socket, TOO_SLOW);
    else if (code === "HPE_HEADER_OVERFLOW") refuse(socket, TOO_LARGE);
    else if (code.startsWith("HPE_")) refuse(socket, MALFORMED);
    else socket.destroy();
  });
  server.on("connect", (_req, socket) => refuse(socket, MALFORMED));
}

/**
 * Tell whether the application shall answer this request.
 * @param {IncomingMessage} req
 * @param {ServerResponse} res
 */
function accept(req, res) {
  const { socket } = req;
  // What follows a last request would be carried out, and never answered.
  if (closing.has(socket)) {
    setImmediate(() => socket.pause());
    return false;
  }
  if (PROXIED.test(req.url ?? "")) {
    const origin = req.url?.match(ORIGIN);
    if (!origin || Number(origin[1]?.slice(1) ?? 0) > 65535) {
      refuse(socket, MALFORMED);
      return false;
    }
    req.url = req.url?.slice(origin[0].length);
  }
  connections.set(socket, res);
  // As Uvicorn, which keeps no connection of HTTP/1.0.
  if (req.httpVersion === "1.0") closeAfter(socket, res);
  return true;
}

/**
 * Answer what is sent at once one after another. Node would carry all of it out at the
 * same time, in any order, and keep every reply until its turn.
 *
 * Differs: Uvicorn does so too, and its twin parses no further meanwhile. Node parses
 * all that has come, so that there must be an end to it.
 * @param {Duplex} socket
 * @param {ServerResponse} earlier
 * @param {ServerResponse} res
 * @param {() => void} answer
 */
function queue(socket, earlier, res, answer) {
  const waiting = (queued.get(socket) ?? 0) + 1;
  queued.set(socket, waiting);
  if (waiting === MOST_AT_ONCE) closeAfter(socket, res);
  earlier.once("finish", () => {
    queued.set(socket, (queued.get(socket) ?? 1) - 1);
    answer();
  });
}

/**
 * End the connection, with a reply after those owed, where none is begun.
 * @param {Duplex} socket
 * @param {Refusal} refusal
 */
function refuse(socket, refusal) {
  const res = connections.get(socket);
  closing.add(socket);
  // Node may have let go of this socket: an error that nobody hears ends the process.
  socket.on("error", () => socket.destroy());
  if (res && !res.req.complete && (res.headersSent || !res.socket)) socket.destroy();
  else if (res?.req.complete && !res.writableFinished)
    res.once("finish", () => reply(socket, refusal));
  else reply(socket, refusal);
}

/**
 * @param {Duplex} socket
 * @param {Refusal} refusal
 */
function reply(socket, [status, key, message]) {
  // It may have been the last reply in any case.
  if (!socket.writable) return;
  const body = JSON.stringify({ errors: { [key]: [message] } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  // What was too slow must not be carried out after all. What cannot be parsed goes on.
  if (status === 408) socket.pause();
  else socket.resume();
  setTimeout(() => socket.destroy(), LINGER).unref();
}

/**
 * Let this reply be the last of its connection.
 * @param {Duplex} socket
 * @param {ServerResponse} res
 */
function closeAfter(socket, res) {
  closing.add(socket);
  if (!res.headersSent) res.setHeader("Connection", "close");
  else res.once("finish", () => socket.end());
}

/** Let every connection end, at once or after the reply that is owed to it. */
export function closeConnections() {
  for (const [socket, res] of connections) {
    if (!res || res.writableFinished) socket.destroy();
    else closeAfter(socket, res);
  }
}
