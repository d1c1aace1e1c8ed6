/** Server: listens where the environment says, and stops gracefully.
 *
 * Differs: Uvicorn is a program of its own, and `uvicorn main:app` serves the same
 * application with flags in place of this file. Node's application opens its own socket.
 */

import cluster from "node:cluster";
import { createServer } from "node:http";
import { Server } from "node:net";
import { app, close, open } from "./app.js";
import { closeConnections, guard, LIMITS } from "./connections.js";
import { settings } from "./settings.js";

const server = createServer(LIMITS);
guard(server, app);

server.on("error", (error) => {
  console.error(`Cannot listen on ${settings.HOST}:${settings.PORT}: ${error.message}`);
  process.exit(1);
});

let stopping = false;
let exitCode = 0;

function stop() {
  if (stopping) return;
  stopping = true;
  // Not http's own `close`: it also closes connections whose reply is still being sent.
  Server.prototype.close.call(server, async () => {
    await close();
    process.exit(exitCode);
  });
  closeConnections();
  setTimeout(
    () => server.closeAllConnections(),
    settings.SHUTDOWN_TIMEOUT * 1000,
  ).unref();
}

/** Stop when asked, and end at once when asked so again in the same way. */
function stopper() {
  let asked = false;
  return () => {
    if (asked) server.closeAllConnections();
    asked = true;
    stop();
  };
}

const onSignal = stopper();
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);
// As one of several (workers.js): its manager sends messages, since Ctrl-C and systemd
// signal to every process, and that must not count twice.
cluster.worker?.on("message", stopper());
cluster.worker?.on("disconnect", () => {
  // The manager was killed. Node would end this process in the midst of its work.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  stop();
});

// Differs: asyncio logs what a task or a callback raises, and goes on. Node would end
// the process at once for either of these.
process.on("unhandledRejection", (reason) => {
  console.error("A promise failed, and nobody waited for it:", reason);
});
process.on("uncaughtException", (error) => {
  // Whatever it left undone, nothing can be relied on: Node's documentation says so.
  console.error("An exception was not caught, the server stops:", error);
  exitCode = 1;
  stop();
});

await open();
server.listen({ port: settings.PORT, host: settings.HOST, backlog: 2048 }, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://${settings.HOST}:${address.port}`;
  console.log(`Listening on ${url}, docs at ${url}/docs and ${url}/redoc`);
});
