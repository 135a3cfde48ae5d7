/** Watches the sources of both images and updates the cluster when their content has changed. */
import * as fs from "node:fs";
import * as path from "node:path";
import { contentReference } from "../images/tag";
import { imageArgs } from "../stack/images";
import { parseStackFile, readStackFile } from "../config/stack-file";
import { seconds } from "./format";
import { messageOf, UserError } from "../tools/errors";
import { LOCAL_STACK } from "../automation/environment";
import { readRecord } from "./stack-record";
import { root } from "../tools/paths";
import { note, print } from "./terminal";
import { updateAgain } from "./update-again";

/** Editors write a file in several steps; what comes within this time is one edit. */
const SETTLED_MS = 200;

/** Tags of both images as the sources are now. */
function references(stack: string): string {
  const sources = imageArgs(parseStackFile(readStackFile(stack, root)));
  return [sources.frontend, sources.backend]
    .map((source) => contentReference(source, root))
    .join(" ");
}

/** Folders that the images are built from. */
function folders(): string[] {
  return ["frontend", "backend", "docker"]
    .map((name) => path.join(root, name))
    .filter(fs.existsSync);
}

/** Resolves when something under the folders has changed and is quiet again. */
function nextChange(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = new AbortController();
    const finish = (): void => {
      clearTimeout(timer);
      stop.abort();
      resolve();
    };
    signal.addEventListener("abort", finish, { once: true, signal: stop.signal });
    for (const folder of folders()) {
      fs.watch(folder, { recursive: true, signal: stop.signal }, (_event, name) => {
        if (name !== null && /(^|\/)(node_modules|\.next|\.venv|__pycache__)(\/|$)/.test(name))
          return;
        clearTimeout(timer);
        timer = setTimeout(finish, SETTLED_MS);
      });
    }
  });
}

/** Runs until Ctrl-C; a failed update is shown and the next edit tried. */
export async function watchAndUpdate(signal: AbortSignal): Promise<number> {
  const record = readRecord(LOCAL_STACK);
  if (record === undefined) throw new UserError("There is no cluster yet.", ["npm start"]);
  let deployed = "";
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    const current = references(record.stack);
    if (current !== deployed) {
      const since = Date.now();
      try {
        const summary = await updateAgain(record, signal);
        print(
          `${new Date().toTimeString().slice(0, 8)} ${summary} (${seconds(Date.now() - since)})`,
        );
      } catch (error) {
        if (stopped()) return 0;
        note(messageOf(error));
      }
      deployed = current;
      if (references(record.stack) !== deployed) continue;
      print("Watching frontend, backend and docker; Ctrl-C ends.");
    }
    await nextChange(signal);
  }
  return 0;
}
