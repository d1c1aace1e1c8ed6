/** Server: listens where the environment says, and stops gracefully.
 *
 * Differs: Uvicorn is a program of its own, and `uvicorn main:app` serves the same
 * application with flags in place of this file. Node's application opens its own socket.
 */

import { createServer } from "node:http";
import { app, close, open } from "./app.js";
import { settings } from "./settings.js";

const server = createServer(
  {
    keepAliveTimeout: 5000,
    // The application itself refuses a large head, and a request without Host, in the
    // contract's shape; beyond this size the parser does.
    maxHeaderSize: 64 * 1024,
    requireHostHeader: false,
  },
  app,
);

server.on("clientError", (error, socket) => {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (!socket.writable || code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, body] =
    code === "HPE_HEADER_OVERFLOW"
      ? [
          "431 Request Header Fields Too Large",
          '{"errors":{"headers":["are too large"]}}',
        ]
      : ["400 Bad Request", '{"errors":{"request":["is malformed"]}}'];
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
});

server.on("error", (error) => {
  console.error(`Cannot listen on ${settings.HOST}:${settings.PORT}: ${error.message}`);
  process.exit(1);
});

let stopping = false;

function stop() {
  if (stopping) return;
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
