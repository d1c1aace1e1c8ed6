/** Workers: several processes behind one socket, and a manager who replaces them.
 *
 * Differs: Node's manager takes every connection itself, and deals them out in turn.
 * Uvicorn's hands its socket to the workers, and whoever is free takes the next one.
 */

import cluster from "node:cluster";
import { join } from "node:path";
import { settings } from "./settings.js";

/** @import { Worker } from "node:cluster" */

/** @type {Set<Worker>} each from its start to its end */
const workers = new Set();
/** @type {WeakSet<Worker>} those that listen: one that ends before could not start */
const serving = new WeakSet();
let stopping = false;
let exitCode = 0;

cluster.setupPrimary({ exec: join(import.meta.dirname, "server.js") });
cluster.on("listening", (worker) => serving.add(worker));
cluster.on("exit", (worker, code) => {
  workers.delete(worker);
  if (!stopping && code > 0 && !serving.has(worker)) {
    const { pid } = worker.process;
    console.error(`Worker ${pid} could not start, so the server ends: see above why`);
    exitCode = code;
    stop();
  } else if (!stopping) {
    console.warn(`Worker ${worker.process.pid} died, another takes its place`);
    workers.add(cluster.fork());
  }
  if (workers.size === 0) process.exit(exitCode);
});

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
for (let count = 0; count < settings.WORKERS; count += 1) workers.add(cluster.fork());

/** Ask all to stop, or to end at once where they have been asked. */
function stop() {
  for (const worker of workers) {
    // To whoever has just died nothing can be sent, which is no error.
    if (serving.has(worker)) worker.send("stop", () => undefined);
    else worker.process.kill("SIGTERM");
  }
  stopping = true;
  // SHUTDOWN_TIMEOUT, and a second in which they tidy up.
  setTimeout(
    () => workers.forEach((worker) => worker.process.kill("SIGKILL")),
    (settings.SHUTDOWN_TIMEOUT + 1) * 1000,
  ).unref();
}
