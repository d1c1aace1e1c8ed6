/** Server: listens where the environment says, and stops gracefully.
 *
 * Differs: Uvicorn is a program of its own, and `uvicorn main:app` serves the same
 * application with flags in place of this file. Node's application opens its own socket.
 */

import { createServer } from "node:http";
import { app, close, open } from "./app.js";
import { settings } from "./settings.js";

const server = createServer({
  keepAliveTimeout: 5000,
  // The application itself refuses a large head, and a request without Host, in the
  // contract's shape; beyond this size the parser does.
  maxHeaderSize: 64 * 1024,
  requireHostHeader: false,
});

server.on("request", (req) => {
  // A proxy's form of the target names the host again.
  req.url = req.url?.replace(/^https?:\/\/[^/?]*\/?/i, "/");
});
server.on("request", app);
// Whatever else a client expects, it gets the reply.
server.on("checkExpectation", (req, res) => server.emit("request", req, res));

// What no application sees: HTTP that cannot be parsed, and tunnels.
server.on("clientError", (error, socket) => {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (!socket.writable || code === "ECONNRESET") socket.destroy();
  else if (code === "HPE_HEADER_OVERFLOW") {
    refuse(socket, "431 Request Header Fields Too Large", "headers", "are too large");
  } else refuse(socket, "400 Bad Request", "request", "is malformed");
});
server.on("connect", (_req, socket) => {
  refuse(socket, "400 Bad Request", "request", "is malformed");
});

/**
 * @param {import("node:stream").Duplex} socket
 * @param {string} status
 * @param {string} key
 * @param {string} message
 */
function refuse(socket, status, key, message) {
  const body = JSON.stringify({ errors: { [key]: [message] } });
  // Node has let go of this socket: an error that nobody hears would end the process.
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

server.on("error", (error) => {
  console.error(`Cannot listen on ${settings.HOST}:${settings.PORT}: ${error.message}`);
  process.exit(1);
});

let stopping = false;

function stop() {
  if (stopping) {
    server.closeAllConnections();
    return;
  }
  stopping = true;
  server.close(async () => {
    await close();
    process.exit(0);
  });
  // A connection whose last reply is sent would else stay open for another request.
  setInterval(() => server.closeIdleConnections(), 50).unref();
  setTimeout(
    () => server.closeAllConnections(),
    settings.SHUTDOWN_TIMEOUT * 1000,
  ).unref();
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);

await open();
server.listen(settings.PORT, settings.HOST, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://${settings.HOST}:${address.port}`;
  console.log(`Listening on ${url}, docs at ${url}/docs and ${url}/redoc`);
});
