/** Open: an open loop, requests that come when they are due, whatever the server does.
 *
 * So a server that stalls delays all that come meanwhile, as it would its users: latency
 * is counted from when a request was due, not from when it could be sent.
 */

import { Pool } from "undici";
import { Answers, filled, percentiles } from "./requests.js";

/** @import { Asked } from "./requests.js" */

// What is not answered so many milliseconds after the last was due is given up.
const PATIENCE = 2000;
/** @type {Map<string, Pool>} */
const pools = new Map();

/**
 * Ask when it is due, in milliseconds from now; never more at once than connections.
 * @param {{ url: string, connections: number, due: number[] }} order
 * @param {Asked[]} requests
 */
export async function open(order, requests) {
  const { url, connections, due } = order;
  const answers = new Answers();
  const lags = new Array(due.length);
  const pool = poolOf(url, connections);
  const began = performance.now();
  const all = [];
  for (const [index, at] of due.entries()) {
    await until(began + at);
    lags[index] = performance.now() - began - at;
    all.push(ask(pool, requests[index % requests.length], began + at, answers));
  }
  await Promise.all(all);
  const taken = (performance.now() - began) / 1000;
  return { ...answers.summary(taken), lag: percentiles(lags).p99 };
}

/**
 * @param {Pool} pool @param {Asked} asked @param {number} due @param {Answers} answers
 */
async function ask(pool, asked, due, answers) {
  const { path, body } = filled(asked);
  try {
    const reply = await pool.request({
      method: /** @type {any} */ (asked.method),
      path,
      headers: asked.headers,
      body,
    });
    const text = await reply.body.text();
    answers.durations.push(performance.now() - due);
    answers.check(asked, reply.statusCode, text);
  } catch (error) {
    answers.tell(error);
    answers.missing(1);
    // Left out, the slowest of all would make latency look shorter.
    answers.waits.push(Math.max(performance.now() - due, PATIENCE));
  }
}

/**
 * Return the connections to a server, which stay: users seldom come anew.
 * @param {string} url @param {number} connections
 */
function poolOf(url, connections) {
  const timeouts = { headersTimeout: PATIENCE, bodyTimeout: PATIENCE };
  const pool =
    pools.get(url) ?? new Pool(url, { connections, pipelining: 1, ...timeouts });
  pools.set(url, pool);
  return pool;
}

/**
 * Wait awake: a timer would be late by milliseconds.
 * @param {number} time
 */
async function until(time) {
  // Also where it is late already: answers must be read in between.
  do await new Promise((resolve) => setImmediate(resolve));
  while (performance.now() < time);
}
