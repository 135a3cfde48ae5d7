/** The HTTP API of the Docker daemon. */
import * as http from "node:http";
import { Duplex, type Readable, type Writable } from "node:stream";
import { start } from "./process";

/** Longer than any build: the process that carries a connection must not outlive a crash for ever. */
const CONNECTION_MS = 2 * 60 * 60 * 1000;

/** A connection to the daemon. `done` fails with the docker CLI's own words when there is none. */
export interface Connection {
  socket: Duplex;
  done: Promise<unknown>;
  close: () => void;
}

/**
 * A connection to the daemon's API, carried by `docker system dial-stdio`: whatever way the docker
 * CLI has to the daemon (DOCKER_HOST, a context, TLS, ssh) is used without knowing it here.
 */
export function connect(signal?: AbortSignal): Connection {
  const closing = new AbortController();
  const signals = [closing.signal, ...(signal ? [signal] : [])];
  const options = { timeout: CONNECTION_MS, signal: AbortSignal.any(signals) };
  const { stdin, stdout, done } = start("docker", ["system", "dial-stdio"], options);
  const socket = new ProgramSocket(stdout, stdin) as ProgramSocket & SocketMethods;
  socket.on("error", () => undefined); // closed at either end; `done` and the request tell
  // What node:http expects of a socket and a pipe does not have.
  socket.setNoDelay = socket.setKeepAlive = socket.setTimeout = () => socket;
  socket.ref = socket.unref = () => socket;
  const close = (): void => {
    closing.abort();
    socket.destroy();
  };
  return { socket, done, close };
}

/**
 * A program's output and input as one socket. `Duplex.from` is not that: it is destroyed with an error as soon as one side
 * closes, with what the other side still holds, and when it is closed from here, which HTTP/2 gives to nobody.
 */
class ProgramSocket extends Duplex {
  constructor(
    private readonly output: Readable,
    private readonly input: Writable,
  ) {
    super();
    output.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) output.pause();
    });
    output.on("end", () => this.push(null));
    output.on("error", (error) => this.destroy(error));
  }

  override _read(): void {
    this.output.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    // A program that has ended takes nothing; what it has said before is still to be read.
    this.input.write(chunk, () => {
      callback();
    });
  }

  override _final(callback: () => void): void {
    this.input.end(() => {
      callback();
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.output.destroy();
    this.input.destroy();
    callback(error);
  }
}

interface SocketMethods {
  setNoDelay: () => this;
  setKeepAlive: () => this;
  setTimeout: () => this;
  ref: () => this;
  unref: () => this;
}

export function request(socket: Duplex, options: http.RequestOptions): http.ClientRequest {
  return http.request({ host: "docker", ...options, createConnection: () => socket });
}

/** What the daemon answered: the status, 0 where no answer came, and the body or why there is none. */
export interface DaemonAnswer {
  status: number;
  message: string;
}

/** Several questions to the daemon, one after the other, on one connection. */
export class DaemonClient {
  private readonly connection: Connection;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  private last: Promise<unknown> = Promise.resolve();

  constructor(signal: AbortSignal) {
    this.connection = connect(signal);
    this.agent.createConnection = () => this.connection.socket;
  }

  /** Waits for its turn; the answer is read to its end. Never fails. */
  ask(method: string, path: string, headers: http.OutgoingHttpHeaders = {}): Promise<DaemonAnswer> {
    const turn = this.last.then(() => this.send(method, path, headers));
    this.last = turn;
    return turn;
  }

  close(): void {
    this.connection.close();
    this.agent.destroy();
  }

  private async send(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
  ): Promise<DaemonAnswer> {
    try {
      const asked = http.request({ host: "docker", method, path, headers, agent: this.agent });
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        asked.on("response", resolve).on("error", reject);
        this.connection.done.then(() => {
          reject(new Error("the connection to the daemon has ended"));
        }, reject);
        asked.end();
      });
      let body = "";
      for await (const chunk of response) body += String(chunk);
      return { status: response.statusCode ?? 0, message: body };
    } catch (error) {
      return { status: 0, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Asks the daemon one question, with GET. */
export async function askDaemon(path: string, signal: AbortSignal): Promise<DaemonAnswer> {
  const client = new DaemonClient(signal);
  try {
    return await client.ask("GET", path);
  } finally {
    client.close();
  }
}
