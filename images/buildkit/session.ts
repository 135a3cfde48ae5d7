import { randomUUID } from "node:crypto";
import * as http from "node:http";
import * as http2 from "node:http2";
import type { Duplex } from "node:stream";
import { credentialsFor } from "./credentials";
import { connect, request } from "../../tools/docker-api";
import { fields, stringField } from "./protobuf";

/** Answers one call; undefined where there is no such thing. */
type Method = (message: Buffer) => Promise<Buffer | undefined>;

const NOT_FOUND = "5";
const UNIMPLEMENTED = "12";

/** What the daemon may ask of the one who builds, by gRPC method. */
const METHODS: Record<string, Method> = {
  // HealthCheckResponse { status: SERVING }
  "/grpc.health.v1.Health/Check": () => Promise.resolve(Buffer.from([0x08, 0x01])),
  // CredentialsRequest { string Host = 1 } → CredentialsResponse { string Username = 1, Secret = 2 }
  "/moby.filesync.v1.Auth/Credentials": async (message) => {
    const host = fields(message).find(({ number }) => number === 1);
    const found = await credentialsFor(host?.bytes?.toString() ?? "");
    return Buffer.concat([stringField(1, found.username), stringField(2, found.secret)]);
  },
};

/** The methods of a build, and that by which a step's secret is asked for. */
function methodsFor(secrets: Record<string, string>): Record<string, Method> {
  return {
    ...METHODS,
    // GetSecretRequest { string ID = 1 } → GetSecretResponse { bytes data = 1 }
    "/moby.buildkit.secrets.v1.Secrets/GetSecret": (message) => {
      const name = fields(message).find(({ number }) => number === 1);
      const value = secrets[name?.bytes?.toString() ?? ""];
      return Promise.resolve(value === undefined ? undefined : stringField(1, value));
    },
  };
}

/**
 * BuildKit's session: a connection on which the daemon is the gRPC client. Without one it refuses to
 * pull a base image from a registry, even where no login is needed.
 * @param secrets values by name, which a step may mount
 */
export async function openSession(
  signal?: AbortSignal,
  secrets: Record<string, string> = {},
): Promise<{ id: string; close: () => void }> {
  const id = randomUUID();
  const methods = methodsFor(secrets);
  const { socket, done, close } = connect(signal);
  const upgrade = request(socket, {
    method: "POST",
    path: "/session",
    headers: {
      Connection: "Upgrade",
      Upgrade: "h2c",
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Name": "todo-app",
      "X-Docker-Expose-Session-Grpc-Method": Object.keys(methods),
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
    answer(stream, methods[String(headers[":path"])]).catch(() => {
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    });
  });
  server.on("sessionError", () => undefined); // the daemon hangs up when the build is over
  server.emit("connection", await upgraded);
  return { id, close };
}

/** One unary gRPC call: five bytes of framing, then the message. */
async function answer(stream: http2.ServerHttp2Stream, method?: Method): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = { ":status": 200, "content-type": "application/grpc+proto" };
  const message = await method?.(Buffer.concat(chunks).subarray(5));
  if (message === undefined) {
    const status = method === undefined ? UNIMPLEMENTED : NOT_FOUND;
    stream.respond({ ...headers, "grpc-status": status }, { endStream: true });
    return;
  }
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.respond(headers, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.end(Buffer.concat([frame, message]));
}
