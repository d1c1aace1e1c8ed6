/** Closed: a closed loop, each connection asking again as soon as it is answered. */

import autocannon from "autocannon";
import { Answers, filled, UNIQUE } from "./requests.js";

/** @import { Asked } from "./requests.js" */

const TICK = 5;
// What a request is known by that has a body, even if that is empty.
const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/**
 * Ask for so many seconds, then wait for the answers that are still due, each of them
 * for so many seconds as there is `patience`.
 * @param {{ url: string, connections: number, seconds: number, start: number,
 *   patience: number }} order
 * @param {Asked[]} requests
 */
export async function closed(order, requests) {
  const answers = new Answers();
  /** @type {Connection[]} */
  const connections = [];
  const prepared = requests.map((asked) => checked(asked, answers));
  const run = autocannon({
    url: order.url,
    connections: order.connections,
    // It ends when all clients have: each is told to once the time is over.
    duration: order.seconds + order.patience,
    timeout: order.patience,
    sampleInt: TICK,
    requests: [prepared[0]],
    setupClient(client) {
      const first = order.start + connections.length * 7;
      client.setRequests(rotated(prepared, first));
      connections.push(new Connection(client, answers));
    },
  });
  const began = performance.now();
  let ended = began;
  const over = setTimeout(() => {
    for (const { client } of connections)
      client.responseMax = Math.max(client.reqsMade, 1);
  }, order.seconds * 1000);
  run.on("response", (_client, _status, _bytes, duration) => {
    answers.durations.push(duration);
    ended = performance.now();
  });
  await run;
  clearTimeout(over);
  const asked = connections.reduce((sum, one) => sum + one.asked, 0);
  answers.missing(asked - answers.durations.length);
  return answers.summary((ended - began) / 1000);
}

/** A client of the package, which forgets nothing that was lost with a connection.
 *
 * By itself it would take the first answer of the next connection for that to a request
 * of the last one, and go on so; and it would count nothing as lost.
 */
class Connection {
  #closing = false;
  #forgiven = 0;

  /** @param {import("autocannon").Client} client @param {Answers} answers */
  constructor(client, answers) {
    this.client = client;
    const connect = client._connect;
    client.on("headers", (head) => (this.#closing = !head.shouldKeepAlive));
    client.on("connError", (error) => this.#closing || answers.tell(error));
    client.on("timeout", () => answers.tell("no answer came in time"));
    client._connect = () => {
      if (client.conn) this.#end();
      if (!client.destroyed) connect.call(client);
    };
  }

  /** How many requests there were, but for those that nobody can have answered. */
  get asked() {
    return this.client.reqsMade - this.#forgiven;
  }

  #end() {
    const { client } = this;
    // A body without a length ends here, and is an answer like any other.
    client.parser.finish();
    if (client.destroyed) return;
    // Whoever says that it closes has not been asked what was written after that.
    if (this.#closing) this.#forgiven += client.pipelinedRequests.size();
    this.#closing = false;
    client._destroyConnection();
    client.parser.reinitialize(client.parser.type);
  }
}

/** @param {Asked} asked @param {Answers} answers */
function checked(asked, answers) {
  const { method, path, headers, body } = asked;
  const empty = body === null && WITH_BODY.has(method);
  const changing = path.includes(UNIQUE) || body?.includes(UNIQUE);
  return {
    method,
    path,
    headers: { ...headers, ...(empty && { "Content-Length": "0" }) },
    body: body ?? undefined,
    ...(changing && {
      setupRequest: (/** @type {any} */ request) => ({ ...request, ...filled(asked) }),
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
