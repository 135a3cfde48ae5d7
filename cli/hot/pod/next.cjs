/**
 * Runs the newest saved files of a Next.js application in a development pod, with Next.js's own development server.
 *
 * Files are written into FILES from outside; `wanted`, which names their content, comes last. They are brought into the folder
 * in which the server runs, each at once. A page that the server cannot make of them any more takes the files back.
 */
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const { stripVTControlCharacters } = require("node:util");

const FILES = "/hot/files";
const WORK = "/hot/work";
const TREE = `${FILES}/tree`;
const APP = `${WORK}/app`;
/** What the image has installed; the server finds packages beneath its own folder alone. */
const PACKAGES = "/packages/node_modules";
const APPLIED = `${WORK}/applied.json`;

/** Milliseconds between two looks for new files. */
const LOOK = 30;
/** Milliseconds until the server knows of a file that was written: it gathers what the system tells it. */
const NOTICED = 80;
/** Milliseconds for one page: the first time it is compiled, with all that it imports. */
const PAGE = 60_000;
/** Characters of a report's message. */
const MESSAGE = 4000;

const read = (file) => {
  try {
    return fs.readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
};

/** Whole or not at all, for whoever looks at it. */
function write(file, bytes, mode = 0o644) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = path.join(WORK, ".writing");
  fs.writeFileSync(temporary, bytes, { mode });
  fs.renameSync(temporary, file);
}

function listed(folder, prefix = "") {
  return fs.readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? listed(folder, name) : [name];
  });
}

function install() {
  if (fs.existsSync(`${APP}/node_modules`)) return;
  const part = `${WORK}/node_modules.part`;
  fs.rmSync(part, { recursive: true, force: true });
  fs.mkdirSync(APP, { recursive: true });
  const { status, stderr } = spawnSync("cp", ["-R", PACKAGES, part]);
  if (status !== 0) throw new Error(`The packages were not copied: ${stderr}`);
  fs.renameSync(part, `${APP}/node_modules`);
}

/** The files as they are delivered; undefined while they are being written. */
function delivered(wanted) {
  try {
    const files = new Map();
    for (const name of listed(TREE)) {
      const file = path.join(TREE, name);
      files.set(name, { bytes: fs.readFileSync(file), mode: fs.statSync(file).mode & 0o777 });
    }
    return read(`${FILES}/wanted`) === wanted ? files : undefined;
  } catch {
    return undefined;
  }
}

/** Brings the files into the server's folder. @returns what takes them back */
function apply(files) {
  const before = new Map();
  const keep = (name) => {
    const file = path.join(APP, name);
    const isFile = fs.statSync(file, { throwIfNoEntry: false })?.isFile();
    before.set(name, isFile ? fs.readFileSync(file) : undefined);
  };
  const known = JSON.parse(read(APPLIED) || "[]");
  for (const name of known) {
    if (files.has(name)) continue;
    keep(name);
    fs.rmSync(path.join(APP, name), { recursive: true, force: true });
  }
  for (const [name, { bytes, mode }] of files) {
    const file = path.join(APP, name);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && fs.readFileSync(file).equals(bytes)) continue;
    keep(name);
    if (found?.isDirectory()) fs.rmSync(file, { recursive: true });
    write(file, bytes, mode);
  }
  write(APPLIED, JSON.stringify([...files.keys()]));
  return () => {
    for (const [name, bytes] of before) {
      if (bytes === undefined) fs.rmSync(path.join(APP, name), { recursive: true, force: true });
      else write(path.join(APP, name), bytes);
    }
    write(APPLIED, JSON.stringify(known));
  };
}

/** Addresses of the pages that can be asked for without knowing a name. */
function pages(names) {
  const found = names.flatMap((name) => {
    const parts = name.replace(/^src\//, "").split("/");
    const [top, ...rest] = parts;
    const file = rest.pop() ?? "";
    const base = file.replace(/\.(tsx|ts|jsx|js)$/, "");
    if (base === file || rest.some((part) => /^[[@_]/.test(part))) return [];
    const folders = rest.filter((part) => !/^\(.*\)$/.test(part));
    if (top === "app") return base === "page" ? [`/${folders.join("/")}`] : [];
    if (top !== "pages" || rest[0] === "api" || /^[[_]/.test(base)) return [];
    return [`/${[...folders, ...(base === "index" ? [] : [base])].join("/")}`];
  });
  return [...new Set(found)];
}

function ask(port, address) {
  return new Promise((resolve) => {
    const request = http.get(
      { host: "127.0.0.1", port, path: address, timeout: PAGE },
      (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", () => resolve(0));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(0));
  });
}

class Supervisor {
  #said = "";
  /** Page → what it answered with the files that serve. */
  #answers = new Map();
  #server;

  async run() {
    install();
    let lookedAt = "";
    for (;;) {
      const wanted = read(`${FILES}/wanted`);
      const files = wanted === "" || wanted === lookedAt ? undefined : delivered(wanted);
      if (files === undefined) {
        await pause(LOOK);
        continue;
      }
      lookedAt = wanted;
      await this.take(wanted, files);
    }
  }

  async take(content, files) {
    this.#said = "";
    const takeBack = apply(files);
    const isFirst = this.#server === undefined;
    if (isFirst) await this.start();
    else await pause(NOTICED);
    const { port } = this.settings();
    const failing = [];
    // One after the other: a page is asked for again and again by whoever waits for it, the others can wait.
    for (const page of pages([...files.keys()])) {
      if (read(`${FILES}/wanted`) !== content) return; // newer files are there, or on their way
      const status = await ask(port, page);
      const before = this.#answers.get(page) ?? 200;
      if (status >= 500 && before < 500) failing.push(page);
      else this.#answers.set(page, status);
    }
    if (failing.length === 0) {
      this.report("serving", content, "");
      return;
    }
    if (!isFirst) takeBack();
    this.report("failed", content, this.reason(failing));
  }

  settings() {
    return JSON.parse(read(`${FILES}/settings.json`));
  }

  async start() {
    const { port, env } = this.settings();
    const home = `${WORK}/home`;
    fs.mkdirSync(home, { recursive: true });
    this.#server = spawn(
      process.execPath,
      ["node_modules/next/dist/bin/next", "dev", "--hostname", "0.0.0.0", "--port", String(port)],
      { cwd: APP, env: { ...process.env, HOME: home, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const [from, to] of [
      [this.#server.stdout, process.stdout],
      [this.#server.stderr, process.stderr],
    ]) {
      from.on("data", (chunk) => {
        to.write(chunk);
        this.#said = (this.#said + chunk.toString()).slice(-64 * 1024);
      });
    }
    // Its end is the container's, which is started again as any other.
    this.#server.on("exit", (code) => process.exit(code ?? 1));
    process.on("SIGTERM", () => this.#server.kill("SIGTERM"));
    while (!/Ready in/.test(this.#said)) await pause(LOOK);
  }

  /** What the server said of it, which it says once for each request. */
  reason(failing) {
    const lines = stripVTControlCharacters(this.#said).split("\n");
    const first = lines.findIndex((line) => /^\s*⨯/.test(line));
    const own = first === -1 ? [] : lines.slice(first);
    const next = own.findIndex((line, index) => index > 0 && /^\s*(⨯|GET )/.test(line));
    const told = own.slice(0, next === -1 ? 30 : next).join("\n");
    return `${failing.join(", ")}: ${told.trim() || "it cannot be made, the pod's log says why"}`.slice(
      0,
      MESSAGE,
    );
  }

  report(state, content, message) {
    write(`${WORK}/report.json`, JSON.stringify({ content, state, message }));
  }
}

new Supervisor().run().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
