import * as fs from "node:fs";
import type * as http from "node:http";
import * as path from "node:path";
import * as readline from "node:readline";
import type { Readable } from "node:stream";
import * as tar from "tar-stream";
import { inspectImage } from "../tools/docker";
import { connect, request } from "../tools/docker-api";
import { remedyFor } from "../tools/known-errors";
import { BuildProgress } from "./buildkit/progress";
import { openSession } from "./buildkit/session";
import { proxyArguments } from "./proxies";
import type { ImageSource } from "./source";
import { type Stage, stage } from "./stage";

export interface BuildOptions {
  /** A line of the build's progress, without a newline. */
  log: (line: string) => void;
  signal?: AbortSignal;
  /** Folder that the source's paths are relative to. Default: the working directory. */
  root?: string;
  /** Build even where an image of that name is there: its steps may have gone from the build cache. */
  again?: boolean;
}

/**
 * Builds an image without Pulumi: the same staged files and the same BuildKit inside the Docker
 * daemon that the Docker provider uses, so no buildx is needed. What is already built is left alone:
 * the tag says what is in it.
 *
 * @throws Error in words for the user; of a failed step with its name and last lines
 */
export async function buildImage(
  source: ImageSource,
  options: BuildOptions,
): Promise<{ reference: string }> {
  const root = options.root ?? process.cwd();
  const staged = stage(source, root);
  const { reference } = staged;
  if (!options.again && (await inspectImage(reference, options.signal))) {
    options.log(`${reference} is already built`);
    return { reference };
  }
  const session = await openSession(options.signal);
  try {
    await build(source, staged, session.id, root, options);
  } finally {
    session.close();
  }
  return { reference };
}

async function build(
  source: ImageSource,
  staged: Stage,
  session: string,
  root: string,
  { log, signal }: BuildOptions,
): Promise<void> {
  const query = new URLSearchParams({
    version: "2", // BuildKit
    session,
    t: staged.reference,
    dockerfile: path.posix.relative(staged.context, staged.dockerfile),
    buildargs: JSON.stringify({ ...proxyArguments(), ...source.buildArgs }),
    platform: source.platform,
    target: source.target ?? "",
  });
  const { socket, done, close } = connect(signal);
  const post = request(socket, {
    method: "POST",
    path: `/build?${query.toString()}`,
    headers: { "Content-Type": "application/x-tar" },
  });
  const responded = new Promise<http.IncomingMessage>((resolve, reject) => {
    post.on("response", resolve);
    post.on("error", reject);
    done.catch(reject);
  });
  archive(path.resolve(root, staged.context)).pipe(post);

  const progress = new BuildProgress(log);
  let failure: string | undefined;
  try {
    for await (const line of readline.createInterface({ input: await responded })) {
      const message = JSON.parse(line) as BuildMessage;
      if (message.id === "moby.buildkit.trace") progress.trace(String(message.aux));
      failure ??= message.error ?? message.message;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    close();
  }
  if (signal?.aborted) throw new Error(`Building ${staged.reference} was cancelled.`);
  if (failure !== undefined) throw new Error(explain(staged.reference, progress.failure(failure)));
}

/** A line of the daemon's answer. `message` is how the API words an error before a build begins. */
interface BuildMessage {
  id?: string;
  aux?: unknown;
  error?: string;
  message?: string;
}

function explain(reference: string, failure: string): string {
  const remedy = remedyFor("docker build", failure);
  return `Building ${reference}: ${failure}${remedy === undefined ? "" : `\n${remedy}`}`;
}

/** The staged folder as Docker wants it: owned by root, modes as staged. */
function archive(folder: string): Readable {
  const out = tar.pack();
  const items = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const item of items) {
    const file = path.join(item.parentPath, item.name);
    const name = path.relative(folder, file).split(path.sep).join("/");
    const { mode, mtime } = fs.lstatSync(file);
    if (item.isDirectory()) out.entry({ name, type: "directory", mode: 0o755, mtime });
    else if (item.isSymbolicLink()) {
      out.entry({ name, type: "symlink", linkname: fs.readlinkSync(file), mtime });
    } else out.entry({ name, mode, mtime }, fs.readFileSync(file));
  }
  out.finalize();
  return out as unknown as Readable; // streamx's, which is a Readable in all but its type
}
