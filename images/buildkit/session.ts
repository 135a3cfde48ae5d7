import { randomUUID } from "node:crypto";
import * as http from "node:http";
import * as http2 from "node:http2";
import type { Duplex } from "node:stream";
import { credentialsFor } from "./credentials";
import { connect, request } from "../../tools/docker-api";
import { fields, stringField } from "./protobuf";

/** What the daemon may ask of the one who builds, by gRPC method. */
const METHODS: Record<string, (message: Buffer) => Promise<Buffer>> = {
  // HealthCheckResponse { status: SERVING }
  "/grpc.health.v1.Health/Check": () => Promise.resolve(Buffer.from([0x08, 0x01])),
  // CredentialsRequest { string Host = 1 } → CredentialsResponse { string Username = 1, Secret = 2 }
  "/moby.filesync.v1.Auth/Credentials": async (message) => {
    const host = fields(message).find(({ number }) => number === 1);
    const found = await credentialsFor(host?.bytes?.toString() ?? "");
    return Buffer.concat([stringField(1, found.username), stringField(2, found.secret)]);
  },
};

/**
 * BuildKit's session: a connection on which the daemon is the gRPC client. Without one it refuses to
 * pull a base image from a registry, even where no login is needed.
 */
export async function openSession(
  signal?: AbortSignal,
): Promise<{ id: string; close: () => void }> {
  const id = randomUUID();
  const { socket, done, close } = connect(signal);
  const upgrade = request(socket, {
    method: "POST",
    path: "/session",
    headers: {
      Connection: "Upgrade",
      Upgrade: "h2c",
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Name": "todo-app",
      "X-Docker-Expose-Session-Grpc-Method": Object.keys(METHODS),
    },
  });
  const upgraded = new Promise<Duplex>((resolve, reject) => {
    upgrade.on("upgrade", (_response, stream, head) => {
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
    upgrade.on("response", (response: http.IncomingMessage) => {
      reject(new Error(`Docker refused a build session: HTTP ${response.statusCode ?? 0}`));
    });
    upgrade.on("error", reject);
    done.catch(reject); // the CLI's own words, such as that no daemon runs
  });
  upgrade.end();

  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined); // a build that fails ends the session in the middle of an answer
    answer(stream, String(headers[":path"])).catch(() => {
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    });
  });
  server.on("sessionError", () => undefined); // the daemon hangs up when the build is over
  server.emit("connection", await upgraded);
  return { id, close };
}

/** One unary gRPC call: five bytes of framing, then the message. */
async function answer(stream: http2.ServerHttp2Stream, path: string): Promise<void> {
  const method = METHODS[path];
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = { ":status": 200, "content-type": "application/grpc+proto" };
  if (!method) {
    stream.respond({ ...headers, "grpc-status": "12" }, { endStream: true }); // UNIMPLEMENTED
    return;
  }
  const message = await method(Buffer.concat(chunks).subarray(5));
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.respond(headers, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.end(Buffer.concat([frame, message]));
}
