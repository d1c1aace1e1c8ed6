/** Express's stack, slowed by a tenth: loaded before its server.js with --import.
 *
 * After every few replies it works on in vain for a tenth of the processor time that the
 * whole process has taken since it last did. The twin is slowed.py.
 */

import { subscribe } from "node:diagnostics_channel";

const PART = 0.1;
const EVERY = 8;
/** @type {number | undefined} */
let last;
let count = 0;

/** Return the processor time of all threads of this process, in microseconds. */
function spent() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

subscribe("http.server.response.finish", () => {
  count += 1;
  if (count % EVERY) return;
  const now = spent();
  // What it took to start is nobody's request.
  const until = last === undefined ? now : now + (now - last) * PART;
  while (spent() < until);
  last = spent();
});
