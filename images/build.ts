import * as fs from "node:fs";
import type * as http from "node:http";
import * as path from "node:path";
import * as readline from "node:readline";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as tar from "tar-stream";
import { inspectImage } from "../tools/docker";
import { connect, request } from "../tools/docker-api";
import { remedyFor } from "../tools/known-errors";
import { BuildProgress } from "./buildkit/progress";
import { openSession } from "./buildkit/session";
import { LARGE } from "./content";
import { listAll } from "./listing";
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
  /** Values of the secrets that steps mount, by name. They go to the daemon when a step asks, and nowhere else. */
  secrets?: Record<string, string>;
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
  given: BuildOptions,
): Promise<{ reference: string }> {
  const options = withoutSecrets(given);
  const root = options.root ?? process.cwd();
  const staged = stage(source, root);
  const { reference } = staged;
  if (!options.again && (await inspectImage(reference, options.signal))) {
    options.log(`${reference} is already built`);
    return { reference };
  }
  checkSecrets(source, options);
  const session = await openSession(options.signal, options.secrets);
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
  const sent = pipeline(archive(path.resolve(root, staged.context), staged.notSent), post);
  sent.catch(() => undefined); // the daemon hangs up where the build fails early; it says why

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

/** A step's output may hold what it was told; it is shown without. */
function withoutSecrets(options: BuildOptions): BuildOptions {
  const values = Object.values(options.secrets ?? {}).filter((value) => value.length > 3);
  const shown = (line: string): string =>
    values.reduce((text, value) => text.replaceAll(value, "[secret]"), line);
  return {
    ...options,
    log: (line) => {
      options.log(shown(line));
    },
  };
}

/** @throws Error where a secret has no value: the step would fail in words of its own, or go on without */
function checkSecrets({ repository, secrets = [] }: ImageSource, options: BuildOptions): void {
  const missing = secrets.filter((name) => options.secrets?.[name] === undefined);
  if (missing.length === 0) return;
  throw new Error(
    `The build of ${repository} needs the secrets ${missing.join(", ")}, whose values are not at hand here. ` +
      "Where the image is gone from Docker: pulumi up --replace URN (of the docker:index/image:Image).",
  );
}

/**
 * The staged folder as Docker wants it: owned by root, modes as staged.
 * @param notSent a file of it that is not for Docker
 */
function archive(folder: string, notSent?: string): Readable {
  const out = tar.pack();
  const pack = async (): Promise<void> => {
    for (const { path: name, kind } of listAll(folder)) {
      if (name === notSent) continue;
      const file = path.join(folder, name);
      const { mode, mtime, size } = fs.lstatSync(file);
      if (kind === "folder") out.entry({ name, type: "directory", mode: 0o755, mtime });
      else if (kind === "link") {
        out.entry({ name, type: "symlink", linkname: fs.readlinkSync(file), mtime });
      } else if (size < LARGE) out.entry({ name, mode, mtime }, fs.readFileSync(file));
      else await pipeline(fs.createReadStream(file), out.entry({ name, mode, mtime, size }));
    }
    out.finalize();
  };
  pack().catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return out as unknown as Readable; // streamx's, which is a Readable in all but its type
}
