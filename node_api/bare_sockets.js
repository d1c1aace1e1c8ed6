/** Bare sockets: WebSockets as tutorials write them.
 *
 * Differs: FastAPI routes a WebSocket like any request, on the server that Uvicorn brings
 * along. Express knows nothing of WebSockets: the package `ws` takes them from the server
 * before Express sees them, and a path of its own choosing is the application's work.
 */

import { WebSocketServer } from "ws";

/** @import { Server } from "node:http" */
/** @import { WebSocket } from "ws" */

/** @param {WebSocket} socket */
function echo(socket) {
  socket.on("message", (content, isBinary) => {
    socket.send(isBinary ? content : content.toString());
  });
}

/** @type {Record<string, (socket: WebSocket) => void>} */
const ROUTES = {
  "/socket/echo": echo,
  "/socket/unheard": echo,
  "/socket/text": (socket) => {
    socket.once("message", (content) => {
      socket.send(content.toString());
    });
  },
  "/socket/bytes": (socket) => {
    socket.once("message", (content) => {
      socket.send(content);
    });
  },
  "/socket/length": (socket) => {
    socket.once("message", (content) => {
      socket.send(String(content.toString().length));
    });
  },
  "/socket/json": (socket) => {
    socket.once("message", (content) => {
      socket.send(JSON.stringify(JSON.parse(content.toString())));
    });
  },
  "/socket/close": (socket) => {
    socket.close();
  },
  "/socket/return": () => {},
  "/socket/fail": () => {
    throw new Error("the secret cause");
  },
  "/socket/refuse": (socket) => {
    socket.close(4001);
  },
};

/** @param {Server} server */
export function attach(server) {
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, req) => {
    const path = req.url ?? "";
    // As in the readme of ws; many tutorials have no such line.
    if (path !== "/socket/unheard") socket.on("error", console.error);
    const [, code] = path.match(/^\/socket\/close\/(\d+)$/) ?? [];
    if (code) socket.close(Number(code), "bye");
    else ROUTES[path]?.(socket);
  });
}
