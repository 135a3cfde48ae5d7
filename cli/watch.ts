/** Watches the sources of both images and updates the cluster when their content has changed. */
import * as fs from "node:fs";
import * as path from "node:path";
import { LOCAL_STACK } from "../automation/environment";
import { parseStackFile, readStackFile } from "../config/stack-file";
import { contextFilter, type ContextFilter } from "../images/context";
import type { ImageSource } from "../images/source";
import { contentReference } from "../images/tag";
import { imageSources } from "../stack/images";
import { messageOf, UserError } from "../tools/errors";
import { root } from "../tools/paths";
import { seconds } from "./format";
import { stackFile } from "./stack-file";
import { readRecord } from "./stack-record";
import { note, print } from "./terminal";
import { updateAgain } from "./update-again";

/** Editors write a file in several steps; what comes within this time is one edit, unless it is said otherwise. */
const SETTLED_MS = 200;

/** Each file costs a watch, of which a user has 8,192 on some machines; both applications have a few hundred. */
const MOST_WATCHED = 5_000;

/** What both images are made from, as the configuration is now. */
function sourcesOf(stack: string): ImageSource[] {
  const { frontend, backend } = imageSources(parseStackFile(readStackFile(stack, root)));
  return [frontend, backend];
}

/** Tags of both images as the sources are now. */
function references(stack: string): string {
  return sourcesOf(stack)
    .map((source) => contentReference(source, root))
    .join(" ");
}

/**
 * Watches what the images are made from, by the rules by which it is sent to Docker, and the stack's file.
 * @param changed called after each edit
 * @param settled milliseconds without a further change after which an edit is over
 * @throws UserError where there is too much to watch for this machine
 */
export async function watchSources(
  sources: readonly ImageSource[],
  others: readonly string[],
  changed: () => void,
  { folder = root, settled = SETTLED_MS }: { folder?: string; settled?: number } = {},
): Promise<{ close: () => Promise<void> }> {
  const { watch } = await import("chokidar"); // late: no other command needs it
  const contexts = sources.map((source) => ({
    folder: path.resolve(folder, source.context),
    filter: contextFilter(source, folder),
  }));
  const dockerfiles = sources.flatMap(({ dockerfile }) => [
    dockerfile,
    `${dockerfile}.dockerignore`,
  ]);
  const alone = [...dockerfiles.map((file) => path.resolve(folder, file)), ...others];
  const seen = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const edited = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, settled);
  };
  // One for each path: of several it says that it is ready when the first one is.
  const watchers = [
    ...contexts.map((context) =>
      watch(context.folder, { ignoreInitial: true, ignored: leftOut(context, seen) }),
    ),
    ...alone.filter(fs.existsSync).map((file) => watch(file, { ignoreInitial: true })),
  ];
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    await Promise.all(watchers.map((watcher) => watcher.close()));
  };
  try {
    await Promise.all(
      watchers.map(
        (watcher) =>
          new Promise<void>((resolve, reject) => {
            watcher.on("all", edited).once("ready", resolve);
            // Later ones are of no interest: a folder that is gone while it is looked at.
            watcher.on("error", (error) => {
              reject(tooMuch(error));
            });
          }),
      ),
    );
    if (seen.size > MOST_WATCHED) throw tooMuch(`more than ${MOST_WATCHED} files`);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** What of a context is not watched: all that takes no part in the build. */
function leftOut({ folder, filter }: { folder: string; filter: ContextFilter }, seen: Set<string>) {
  return (file: string, stats?: { isDirectory: () => boolean }): boolean => {
    const relative = path.relative(folder, file).split(path.sep).join("/");
    if (relative === "") return false;
    // Asked first without knowing what it is: a folder is then known by being looked into.
    if (filter(relative, stats?.isDirectory() ?? true)) return true;
    if (stats !== undefined && seen.size <= MOST_WATCHED) seen.add(file);
    return seen.size > MOST_WATCHED;
  };
}

function tooMuch(error: unknown): UserError {
  return new UserError(`The sources cannot be watched: ${messageOf(error)}.`, [
    "Leave out what is no source in the .dockerignore beside the Dockerfile, or",
    "on Linux: sudo sysctl fs.inotify.max_user_watches=524288",
    "npm start   (updates once, without watching)",
  ]);
}

/** Runs until Ctrl-C; a failed update is shown and the next edit tried. */
export async function watchAndUpdate(signal: AbortSignal): Promise<number> {
  const record = readRecord(LOCAL_STACK);
  if (record === undefined) throw new UserError("There is no cluster yet.", ["npm start"]);
  const sources = sourcesOf(record.stack);
  let wake: () => void = () => undefined;
  const watcher = await watchSources(sources, [stackFile(record.stack)], () => {
    wake();
  });
  signal.addEventListener("abort", () => {
    wake();
  });
  try {
    let deployed = "";
    while (!signal.aborted) {
      const next = new Promise<void>((resolve) => (wake = resolve));
      const current = references(record.stack);
      if (current !== deployed) {
        const since = Date.now();
        try {
          const summary = await updateAgain(record, signal);
          const time = new Date().toTimeString().slice(0, 8);
          print(`${time} ${summary} (${seconds(Date.now() - since)})`);
        } catch (error) {
          if (isOver(signal)) return 0;
          note(messageOf(error));
        }
        deployed = current;
        if (references(record.stack) !== deployed) continue;
        const folders = sources.map(({ context }) => context).join(" and ");
        print(`Watching ${folders}; Ctrl-C ends.`);
      }
      await next;
    }
    return 0;
  } finally {
    await watcher.close();
  }
}

/** Apart, since it changes while an update is awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
