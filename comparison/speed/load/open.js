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
// setTimeout is late by up to so many milliseconds; what is left is waited for awake.
const AWAKE = 2;

/**
 * Ask when it is due, in milliseconds from now; never more at once than connections.
 * @param {{ url: string, connections: number, due: number[] }} order
 * @param {Asked[]} requests
 */
export async function open(order, requests) {
  const { url, connections, due } = order;
  const answers = new Answers();
  const lags = new Array(due.length);
  const pool = new Pool(url, { connections, pipelining: 1 });
  const began = performance.now();
  const over = AbortSignal.timeout(Math.ceil(due[due.length - 1]) + PATIENCE);
  const all = [];
  for (const [index, at] of due.entries()) {
    await until(began + at);
    lags[index] = performance.now() - began - at;
    all.push(ask(pool, requests[index % requests.length], began + at, answers, over));
  }
  await Promise.all(all);
  const taken = (performance.now() - began) / 1000;
  await pool.destroy();
  return { ...answers.summary(taken), lag: percentiles(lags).p99 };
}

/**
 * @param {Pool} pool @param {Asked} asked @param {number} due @param {Answers} answers
 * @param {AbortSignal} signal
 */
async function ask(pool, asked, due, answers, signal) {
  const { path, body } = filled(asked);
  try {
    const reply = await pool.request({
      method: /** @type {any} */ (asked.method),
      path,
      headers: asked.headers,
      body,
      signal,
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

/** @param {number} time */
async function until(time) {
  const left = time - performance.now();
  if (left > AWAKE) await new Promise((resolve) => setTimeout(resolve, left - AWAKE));
  // Also where it is late already: answers must be read in between.
  do await new Promise((resolve) => setImmediate(resolve));
  while (performance.now() < time);
}
