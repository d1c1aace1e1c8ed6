/** Express's stack, slowed by a tenth: loaded before its server.js with --import.
 *
 * After each reply it works on in vain for a tenth of the processor time that the whole
 * process has taken since the reply before. The twin is slowed.py.
 */

import { subscribe } from "node:diagnostics_channel";

const PART = 0.1;
/** @type {number | undefined} */
let last;

/** Return the processor time of all threads of this process, in microseconds. */
function spent() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** How long one look at the clock takes, in microseconds: it is paid for each reply. */
function look() {
  const began = spent();
  for (let count = 0; count < 1000; count++) spent();
  return (spent() - began) / 1000;
}

const LOOK = look();

subscribe("http.server.response.finish", () => {
  const now = spent();
  // What it took to start is nobody's request.
  const until = last === undefined ? now : now + (now - last) * PART - 2 * LOOK;
  while (spent() < until);
  last = spent();
});
