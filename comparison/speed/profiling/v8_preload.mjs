/** Profile: what V8 sees of this process from one signal to the next.
 *
 * Loaded into every Node process of a stack by NODE_OPTIONS. It writes PID.ready once
 * it listens, PID.started at the first SIGUSR2 and PID.json at the second one, all
 * into the folder that the environment names.
 */

import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

const FOLDER = process.env.COMPARISON_PROFILE_FOLDER;

if (FOLDER && isMainThread) await listen(FOLDER);

/** @param {string} folder */
async function listen(folder) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  // From the first line on, though this profile is thrown away: V8 remembers which
  // function was inlined into which only of what it compiles under a profiler.
  await session.post("Profiler.start");
  process.once("SIGUSR2", async () => {
    await session.post("Profiler.stop");
    await session.post("Profiler.start");
    const before = used();
    process.once("SIGUSR2", async () => {
      const after = used();
      const { profile } = await session.post("Profiler.stop");
      write(folder, "json", { version: process.version, before, after, profile });
    });
    write(folder, "started", {});
  });
  write(folder, "ready", {});
}

/** Processor time until now in microseconds, of the main thread and of all. */
function used() {
  const all = process.cpuUsage();
  // Before version 24 Node does not tell them apart.
  const main = process.threadCpuUsage?.() ?? all;
  return { main: main.user + main.system, all: all.user + all.system };
}

/** Write a file that is whole as soon as it is there.
 *
 * @param {string} folder
 * @param {string} ending
 * @param {unknown} content
 */
function write(folder, ending, content) {
  const file = join(folder, `${process.pid}.${ending}`);
  writeFileSync(`${file}.part`, JSON.stringify(content));
  renameSync(`${file}.part`, file);
}
