/**
 * Loaded before the server (`node --import ./drain.mjs server.js`): an end that cuts nobody off.
 *
 * Asked to stop, Next.js closes kept connections at once, and a request that is on its way on one of them is lost. Here the
 * server goes on answering for longer than a kept connection lives, and says `Connection: close` each time: a connection that is
 * used in that time ends with an answer, and one that is not is over anyway. Then it takes no more, and what is under way ends.
 */
import { subscribe } from "node:diagnostics_channel";
import { Server } from "node:http";
import process from "node:process";
import { setTimeout } from "node:timers";

/** Node's own keep-alive of 5 s, and a second for clocks; the pod's grace period of 60 s has room for it. */
const seconds = Number(process.env.SHUTDOWN_DRAIN_SECONDS ?? 6);

// Next.js leaves the signals alone then.
process.env.NEXT_MANUAL_SIG_HANDLE = "true";

const servers = new Set();
let draining = false;

subscribe("http.server.request.start", ({ server, response }) => {
  servers.add(server);
  if (draining) response.shouldKeepAlive = false;
});

process.on("SIGTERM", () => {
  if (draining) return;
  draining = true;
  setTimeout(() => {
    let open = servers.size;
    if (open === 0) process.exit(0);
    for (const server of servers) {
      server.close(() => {
        open -= 1;
        if (open === 0) process.exit(0);
      });
    }
  }, seconds * 1000);
});

process.on("SIGINT", () => process.exit(130));

/** The Fetch standard knows no TRACE, so that Next.js would answer it with 500. */
const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...values) {
  const [request, response] = values;
  if (event !== "request" || request.method !== "TRACE") return emit.call(this, event, ...values);
  response.writeHead(405, { allow: "GET, HEAD, POST, PUT, PATCH, DELETE" }).end();
  return true;
};
