import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { sha256 } from "./layout";

/** The specification's limit for manifests; image configs are smaller still. */
const MANIFEST_BYTES = 4 * 1024 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export interface ReceiverOptions {
  /** Docker remembers digests by a registry's host and port: another port costs time. One that is taken is replaced. */
  port: number;
  /** The one name that is served, which nobody can guess; every other one is refused. */
  repository: string;
  /** Where blobs are kept until `close`; what an ended process has left in it is removed. */
  folder: (port: number) => string;
  /** Whether a blob that was not received is said to be here, so that it is not sent. */
  claims: (digest: string) => boolean;
  /** Whether one more upload may begin. */
  admits?: () => boolean;
}

/** A blob on this machine's disk, whose content has the digest. */
export interface ReceivedBlob {
  file: string;
  size: number;
}

/** A document that the receiver hands out, at a path below `/v2/<repository>/`. */
export interface Document {
  body: Buffer;
  type: string;
}

/** An answer other than success, in the specification's words. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The part of a registry that a push needs (OCI distribution specification), on this machine's loopback: HEAD of
 * blobs, uploads in one request or several, manifests. Nothing is stored beyond `close`, nothing is served to
 * others. Blobs go to disk as they come, and one whose content is not what its digest says is refused.
 */
export class Receiver {
  readonly blobs = new Map<string, ReceivedBlob>();
  /** By their digests. */
  readonly manifests = new Map<string, Buffer>();
  /** By path below the repository: `manifests/known`. */
  readonly documents = new Map<string, Document>();
  /** Bytes that are taken, all uploads together. */
  limit = 0;
  /** Whether a request for the repository has arrived: whoever sent it reaches this machine's loopback. */
  wasReached = false;

  private readonly uploads = new Map<string, Upload>();
  private readonly server: http.Server;
  private received = 0;
  private port = 0;

  /** @throws Error when no port of the loopback can be had */
  static async open(options: ReceiverOptions): Promise<Receiver> {
    const receiver = new Receiver(options);
    await receiver.listen(options.port).catch(() => receiver.listen(0));
    await fs.rm(receiver.folder, { recursive: true, force: true });
    await fs.mkdir(receiver.folder, { recursive: true, mode: 0o700 });
    return receiver;
  }

  private constructor(private readonly options: ReceiverOptions) {
    // A daemon tries TLS first, whose greeting is no request; a layer of gigabytes may take its time.
    this.server = http.createServer({ requestTimeout: 0 }, (request, response) => {
      void this.answer(request, response);
    });
    this.server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** `127.0.0.1:23456`: for Docker a registry that needs no TLS. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Ends connections and removes what was received. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await fs.rm(this.folder, { recursive: true, force: true });
  }

  private get folder(): string {
    return this.options.folder(this.port);
  }

  private listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        this.server.off("error", reject);
        this.port = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  private async answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    response.setHeader("Docker-Distribution-API-Version", "registry/2.0");
    try {
      await this.route(request, response);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "UNKNOWN", String(error));
      const { status, code, message } = refusal;
      // What is still being sent would be read to its end for nothing.
      if (!["GET", "HEAD"].includes(request.method ?? ""))
        response.setHeader("Connection", "close");
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ errors: [{ code, message }] }));
    }
  }

  private async route(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "" } = request;
    const url = new URL(request.url ?? "", `http://${this.host}`);
    if (request.headers.host !== this.host) throw notHere(); // a web page that found a name for this address
    if (url.pathname === "/v2/" || url.pathname === "/v2") {
      response.end("{}");
      return;
    }
    const prefix = `/v2/${this.options.repository}/`;
    if (!url.pathname.startsWith(prefix)) throw notHere();
    this.wasReached = true;
    const rest = url.pathname.slice(prefix.length);
    const [kind = "", name = "", id = ""] = rest.split("/");

    if (method === "HEAD" && kind === "blobs" && !this.documents.has(rest)) {
      this.tellOfBlob(name, response);
    } else if (method === "GET" || method === "HEAD") {
      this.handOut(rest, method, response);
    } else if (kind === "manifests" && method === "PUT") {
      await this.takeManifest(name, request, response);
    } else if (kind === "blobs" && name === "uploads") {
      if (method === "POST") await this.begin(url, request, response);
      else await this.goOn(method, id, url, request, response);
    } else {
      throw new Refusal(405, "UNSUPPORTED", `${method} ${kind} is not supported`);
    }
  }

  private has(digest: string): boolean {
    return this.blobs.has(digest) || this.options.claims(digest);
  }

  private tellOfBlob(digest: string, response: http.ServerResponse): void {
    if (!DIGEST.test(digest) || !this.has(digest)) {
      throw new Refusal(404, "BLOB_UNKNOWN", `there is no blob ${digest}`);
    }
    // The size of what was not received is not known; it ends up in a manifest that nobody reads for it.
    const size = this.blobs.get(digest)?.size ?? 1;
    response.writeHead(200, { "Content-Length": size, "Docker-Content-Digest": digest }).end();
  }

  private handOut(rest: string, method: string, response: http.ServerResponse): void {
    const document = this.documents.get(rest);
    if (document === undefined) throw new Refusal(404, "MANIFEST_UNKNOWN", `there is no ${rest}`);
    response.writeHead(200, {
      "Content-Type": document.type,
      "Content-Length": document.body.length,
      "Docker-Content-Digest": sha256(document.body),
    });
    response.end(method === "HEAD" ? undefined : document.body);
  }

  private async takeManifest(
    reference: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MANIFEST_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const digest = sha256(body);
    if (reference.includes(":") && reference !== digest) throw wrongDigest(reference, digest);
    this.manifests.set(digest, body);
    response.writeHead(201, {
      Location: `/v2/${this.options.repository}/manifests/${digest}`,
      "Docker-Content-Digest": digest,
    });
    response.end();
  }

  private async begin(
    url: URL,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    // Docker has pushed the blob to another repository of this registry: here it is the same one.
    const mounted = url.searchParams.get("mount") ?? "";
    if (DIGEST.test(mounted) && this.has(mounted)) {
      this.created(mounted, response);
      return;
    }
    if (this.options.admits?.() === false) {
      throw new Refusal(403, "DENIED", "this blob is not needed");
    }
    const id = randomUUID();
    const upload = new Upload(path.join(this.folder, id), (bytes) => {
      this.received += bytes;
      if (this.received > this.limit) throw tooLarge();
    });
    this.uploads.set(id, upload);
    const digest = url.searchParams.get("digest");
    if (digest === null) this.accepted(id, upload, response);
    else await this.finish(id, upload, digest, request, response);
  }

  private async goOn(
    method: string,
    id: string,
    url: URL,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new Refusal(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
    if (method === "PATCH") {
      await upload.write(request);
      this.accepted(id, upload, response);
    } else if (method === "PUT") {
      await this.finish(id, upload, url.searchParams.get("digest") ?? "", request, response);
    } else if (method === "DELETE") {
      this.uploads.delete(id);
      await upload.discard();
      response.writeHead(204).end();
    } else {
      throw new Refusal(405, "UNSUPPORTED", `${method} of an upload is not supported`);
    }
  }

  private async finish(
    id: string,
    upload: Upload,
    digest: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    await upload.write(request);
    this.uploads.delete(id);
    const actual = upload.digest();
    if (actual !== digest) {
      await upload.discard();
      throw wrongDigest(digest, actual);
    }
    this.blobs.set(digest, { file: upload.file, size: upload.size });
    this.created(digest, response);
  }

  private accepted(id: string, upload: Upload, response: http.ServerResponse): void {
    response.writeHead(202, {
      Location: `/v2/${this.options.repository}/blobs/uploads/${id}`,
      "Docker-Upload-UUID": id,
      Range: `0-${Math.max(0, upload.size - 1)}`,
    });
    response.end();
  }

  private created(digest: string, response: http.ServerResponse): void {
    response.writeHead(201, {
      Location: `/v2/${this.options.repository}/blobs/${digest}`,
      "Docker-Content-Digest": digest,
    });
    response.end();
  }
}

/** A blob that is arriving, in one request or several. */
class Upload {
  size = 0;
  private readonly hash = createHash("sha256");

  constructor(
    readonly file: string,
    private readonly count: (bytes: number) => void,
  ) {}

  async write(body: AsyncIterable<Buffer>): Promise<void> {
    const file = await fs.open(this.file, "a", 0o600);
    try {
      for await (const chunk of body) {
        this.count(chunk.length);
        this.size += chunk.length;
        this.hash.update(chunk);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  }

  digest(): string {
    return `sha256:${this.hash.digest("hex")}`;
  }

  discard(): Promise<void> {
    return fs.rm(this.file, { force: true });
  }
}

function notHere(): Refusal {
  return new Refusal(404, "NAME_UNKNOWN", "there is no such repository");
}

function tooLarge(): Refusal {
  return new Refusal(413, "SIZE_INVALID", "more was sent than the image can hold");
}

function wrongDigest(named: string, actual: string): Refusal {
  return new Refusal(400, "DIGEST_INVALID", `the content has the digest ${actual}, not ${named}`);
}
