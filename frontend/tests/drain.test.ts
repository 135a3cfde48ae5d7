/** The end of the server's process: what clients on kept connections see of it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const server = `
import http from "node:http";
const server = http.createServer((request, response) => setTimeout(() => response.end("done"), 100));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

let folder: string;
let child: ChildProcess;
let port: number;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "drain-"));
  const file = path.join(folder, "server.mjs");
  writeFileSync(file, server);
  const drain = path.join(import.meta.dirname, "..", "drain.mjs");
  child = spawn(process.execPath, ["--import", drain, file], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, SHUTDOWN_DRAIN_SECONDS: "2" },
  });
  if (child.stdout === null) throw new Error("The server says nothing.");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  port = Number(line.toString());
});

afterEach(() => {
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function ask(): Promise<{ connection: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port, agent }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => {
          resolve({ connection: response.headers.connection, text });
        });
      })
      .on("error", reject);
  });
}

test("a server that was asked to stop still answers, and ends the connections that are used", async () => {
  expect(await ask()).toEqual({ connection: "keep-alive", text: "done" });
  child.kill("SIGTERM");
  // A signal takes a moment to arrive.
  await expect.poll(ask, { timeout: 5_000 }).toEqual({ connection: "close", text: "done" });
  expect(await ask()).toEqual({ connection: "close", text: "done" });
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  await expect(ask()).rejects.toThrow("ECONNREFUSED");
});

test("TRACE is refused, whatever the server behind would make of it", async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    http
      .request({ host: "127.0.0.1", port, method: "TRACE" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(405);
});
