/** Ceiling: a server that does nothing, to see how fast the load generator is itself.
 *
 * It answers every request with as many bytes as its path says, without reading it
 * further: `GET /1000`. Its first line of output is its port.
 */

import { createServer } from "node:net";

const HEAD_END = "\r\n\r\n";
/** @type {Map<string, Buffer>} */
const replies = new Map();

/** @param {string} head */
function replyTo(head) {
  const size = head.slice(head.indexOf("/") + 1, head.indexOf(" ", head.indexOf("/")));
  let reply = replies.get(size);
  if (!reply) {
    const fields = "Content-Type: application/json\r\nConnection: keep-alive";
    const top = `HTTP/1.1 200 OK\r\n${fields}\r\nContent-Length: ${Number(size)}`;
    reply = Buffer.from(top + HEAD_END + "0".repeat(Number(size)));
    replies.set(size, reply);
  }
  return reply;
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const heads = (rest + chunk.toString("latin1")).split(HEAD_END);
    rest = heads.pop() ?? "";
    for (const head of heads) socket.write(replyTo(head));
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(address.port);
});

// Whoever started it has gone.
process.stdin.on("end", () => process.exit(0)).resume();
