/** A real HTTP server in the back end's place, which does what a test says and remembers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished, vi } from "vitest";

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

type Answer = (request: Received, response: ServerResponse) => unknown;

export interface StandIn {
  received: Received[];
  /** How many requests each connection carried. */
  connections: Map<Socket, number>;
  /** Changes what it answers from now on. */
  answer: (answer: Answer) => void;
  port: number;
}

/** Starts one and makes it this test's back end; it ends with the test. */
export async function backendStandIn(first: Answer, port = 0): Promise<StandIn> {
  let current = first;
  const received: Received[] = [];
  const connections = new Map<Socket, number>();
  const server = createServer((incoming, response) => {
    connections.set(incoming.socket, (connections.get(incoming.socket) ?? 0) + 1);
    void text(incoming).then((body) => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, url, headers, body };
      received.push(request);
      void current(request, response);
    });
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo;
  askBackendAt(address.port);
  return {
    received,
    connections,
    port: address.port,
    answer: (next) => {
      current = next;
    },
  };
}

/** Points the front end at a port of this machine, where something listens or nothing does. */
export function askBackendAt(port: number): void {
  vi.stubEnv("BACKEND_URL", `http://127.0.0.1:${port}`);
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Something that a test waits for, or makes others wait for. */
export class Signal {
  give: () => void = () => undefined;
  readonly given = new Promise<void>((resolve) => {
    this.give = resolve;
  });
}
