/** Closed: a closed loop, each connection asking again as soon as it is answered. */

import autocannon from "autocannon";
import { Answers, filled, UNIQUE } from "./requests.js";

/** @import { Asked } from "./requests.js" */

const TICK = 5;
// The package's own time-out: a server that does not answer any more.
const PATIENCE = 10;

/**
 * Ask for so many seconds, then wait for the answers that are still due.
 * @param {{ url: string, connections: number, seconds: number, start: number }} order
 * @param {Asked[]} requests
 */
export async function closed(order, requests) {
  const answers = new Answers();
  /** @type {import("autocannon").Client[]} */
  const clients = [];
  const prepared = requests.map((asked) => checked(asked, answers));
  const run = autocannon({
    url: order.url,
    connections: order.connections,
    // It ends when all clients have: each is told to once the time is over.
    duration: order.seconds + PATIENCE,
    timeout: PATIENCE,
    sampleInt: TICK,
    requests: [prepared[0]],
    setupClient(client) {
      const first = order.start + clients.length * 7;
      client.setRequests(rotated(prepared, first));
      clients.push(client);
    },
  });
  const began = performance.now();
  let ended = began;
  const over = setTimeout(() => {
    for (const client of clients) client.responseMax = Math.max(client.reqsMade, 1);
  }, order.seconds * 1000);
  run.on("response", (_client, _status, _bytes, duration) => {
    answers.durations.push(duration);
    ended = performance.now();
  });
  run.on("reqError", (error) => answers.fail(error));
  await run;
  clearTimeout(over);
  return answers.summary((ended - began) / 1000);
}

/** @param {Asked} asked @param {Answers} answers */
function checked(asked, answers) {
  const { method, path, headers, body } = asked;
  return {
    method,
    path,
    headers: { ...headers },
    body: body ?? undefined,
    ...(body?.includes(UNIQUE) && {
      setupRequest: (/** @type {any} */ request) => ({
        ...request,
        body: filled(body),
      }),
    }),
    onResponse: (/** @type {number} */ status, /** @type {string} */ text) =>
      answers.check(asked, status, text),
  };
}

/** @template T @param {T[]} all @param {number} first @returns {T[]} */
function rotated(all, first) {
  const at = first % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}
