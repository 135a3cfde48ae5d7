import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { Receiver } from "../../../../images/load/receiver";

const NAME = "todo-0123";
const sha256 = (content: Buffer | string): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;
const LAYER = Buffer.alloc(300_000, "layer");
const DIGEST = sha256(LAYER);

describe("the receiver of a push", () => {
  let receiver: Receiver;
  let claimed: Set<string>;
  let admits: boolean;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-receiver-"));
  const open = (port = 0): Promise<Receiver> =>
    Receiver.open({
      port,
      repository: NAME,
      folder: (at) => path.join(folder, String(at)),
      claims: (digest) => claimed.has(digest),
      admits: () => admits,
    });
  const call = (method: string, where: string, body?: Buffer | string): Promise<Response> =>
    fetch(new URL(where, `http://${receiver.host}/v2/${NAME}/`), {
      method,
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    });
  const begin = async (): Promise<string> => {
    const answer = await call("POST", "blobs/uploads/");
    assert.equal(answer.status, 202);
    return answer.headers.get("location") ?? "";
  };
  const left = (): string[] => fs.readdirSync(folder, { recursive: true }).map(String);

  beforeEach(async () => {
    claimed = new Set();
    admits = true;
    receiver = await open();
    receiver.limit = 1_000_000;
  });
  afterEach(() => receiver.close());
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("says which blobs need not be sent", async () => {
    assert.equal((await call("HEAD", `blobs/${DIGEST}`)).status, 404);
    claimed.add(DIGEST);
    const answer = await call("HEAD", `blobs/${DIGEST}`);
    assert.deepEqual([answer.status, answer.headers.get("docker-content-digest")], [200, DIGEST]);
  });

  it("takes a blob in pieces, as Docker's own store sends it, and writes it to disk", async () => {
    const location = await begin();
    assert.equal((await call("PATCH", location, LAYER.subarray(0, 100_000))).status, 202);
    const next = await call("PATCH", location, LAYER.subarray(100_000));
    assert.equal(next.headers.get("range"), `0-${LAYER.length - 1}`);
    assert.equal((await call("PUT", `${location}?digest=${DIGEST}`)).status, 201);
    const blob = receiver.blobs.get(DIGEST);
    assert.equal(blob?.size, LAYER.length);
    assert.deepEqual(fs.readFileSync(blob.file), LAYER);
    assert.equal((await call("HEAD", `blobs/${DIGEST}`)).headers.get("content-length"), "300000");
  });

  it("takes a blob in one request, as containerd sends it", async () => {
    assert.equal((await call("PUT", `${await begin()}?digest=${DIGEST}`, LAYER)).status, 201);
    assert.equal((await call("POST", `blobs/uploads/?digest=${DIGEST}`, LAYER)).status, 201);
    assert.equal(receiver.blobs.get(DIGEST)?.size, LAYER.length);
  });

  it("takes what another name in the same registry had, where it has it, else asks for it", async () => {
    const mount = `blobs/uploads/?mount=${DIGEST}&from=todo-other`;
    assert.equal((await call("POST", mount)).status, 202);
    claimed.add(DIGEST);
    assert.equal((await call("POST", mount)).status, 201);
  });

  it("refuses content that is not what its digest says, and keeps nothing of it", async () => {
    const answer = await call("PUT", `${await begin()}?digest=${DIGEST}`, "something else");
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /DIGEST_INVALID/);
    assert.equal(receiver.blobs.size, 0);
    assert.deepEqual(
      left().filter((name) => name.includes("-")),
      [],
    );
    const manifest = await call("PUT", `manifests/${DIGEST}`, "{}");
    assert.equal(manifest.status, 400);
  });

  it("takes manifests by tag and by digest, up to 4 MiB", async () => {
    const manifest = JSON.stringify({ schemaVersion: 2 });
    for (const reference of ["load", sha256(manifest)]) {
      const answer = await call("PUT", `manifests/${reference}`, manifest);
      assert.equal(answer.status, 201);
      assert.equal(answer.headers.get("docker-content-digest"), sha256(manifest));
    }
    assert.equal(receiver.manifests.size, 1);
    const large = await call("PUT", "manifests/large", Buffer.alloc(5 * 1024 * 1024)).then(
      ({ status }) => status,
      () => 413, // it stopped reading before all was sent
    );
    assert.equal(large, 413);
  });

  it("stops reading when more comes than was allowed", async () => {
    receiver.limit = 200_000;
    const location = await begin();
    await call("PATCH", location, LAYER).then(
      ({ status }) => {
        assert.equal(status, 413);
      },
      () => undefined, // it stopped reading before all was sent
    );
    assert.equal(receiver.blobs.size, 0);
  });

  it("lets no further upload begin when told so", async () => {
    admits = false;
    const answer = await call("POST", "blobs/uploads/");
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /DENIED/);
  });

  it("knows no other name, and does not count a request for one as having been found", async () => {
    claimed.add(DIGEST);
    for (const other of ["todo-0124", "library/todo", NAME.slice(0, -1)]) {
      const url = `http://${receiver.host}/v2/${other}`;
      assert.equal((await fetch(`${url}/blobs/${DIGEST}`, { method: "HEAD" })).status, 404);
      assert.equal((await fetch(`${url}/blobs/uploads/`, { method: "POST" })).status, 404);
    }
    assert.equal((await fetch(`http://${receiver.host}/v2/_catalog`)).status, 404);
    assert.equal((await fetch(`http://${receiver.host}/v2/`)).status, 200);
    assert.equal(receiver.wasReached, false);
    await call("HEAD", "manifests/any");
    assert.equal(receiver.wasReached, true);
  });

  it("answers to its address alone: a web page cannot reach it under a name of its own", async () => {
    const [, port] = receiver.host.split(":");
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: "evil.example" };
      const options = { port, host: "127.0.0.1", path: "/v2/", headers };
      http
        .get(options, (answer) => {
          resolve(answer.resume().statusCode);
        })
        .on("error", reject);
    });
    assert.equal(status, 404);
  });

  it("listens on the loopback alone, at the wished port, or at another where that is taken", async () => {
    const [address, port] = receiver.host.split(":");
    assert.equal(address, "127.0.0.1");
    const other = await open(Number(port));
    assert.notEqual(other.host, receiver.host);
    await other.close();
  });

  it("leaves nothing behind, also of one that was ended", async () => {
    await call("PUT", `${await begin()}?digest=${DIGEST}`, LAYER);
    const [, port = ""] = receiver.host.split(":");
    await receiver.close();
    assert.deepEqual(left(), []);
    fs.mkdirSync(path.join(folder, port));
    fs.writeFileSync(path.join(folder, port, "half"), "written");
    receiver = await open(Number(port));
    assert.ok(!left().some((name) => name.endsWith("half")));
  });

  it("outlives a client that does not speak HTTP, as a daemon that tries TLS first", async () => {
    const socket = net.connect(Number(receiver.host.split(":")[1]), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01]));
    await new Promise((resolve) => socket.on("close", resolve));
    assert.equal((await fetch(`http://${receiver.host}/v2/`)).status, 200);
  });
});
