/** Load: sends requests to a server and counts its answers, as it is told line by line.
 *
 * Each line of its input is a JSON object with what to `do`, each line of its output the
 * result of one. `know` names requests; `closed` is a closed loop, `open` an open one.
 */

import { createInterface } from "node:readline";
import { closed } from "./closed.js";
import { open } from "./open.js";

/** @import { Asked } from "./requests.js" */

/** @type {Map<string, Asked[]>} */
const known = new Map();

/** @param {any} order */
async function perform(order) {
  if (order.do === "know") {
    known.set(order.name, order.requests);
    return {};
  }
  const requests = known.get(order.name);
  if (!requests) throw new Error(`nobody has told the requests of ${order.name}`);
  return order.do === "open" ? open(order, requests) : closed(order, requests);
}

// What is thrown where nobody waits for it: whoever has asked learns why this ends.
process.on("uncaughtException", (error) => {
  console.log(JSON.stringify({ error: String(error) }));
  process.exit(1);
});

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await perform(JSON.parse(line))));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
