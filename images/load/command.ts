import type { Loader, LoadRequest, LoadResult } from "./loader";
import { output } from "../../tools/process";

const TRANSFER_MS = 30 * 60 * 1000;

/**
 * A command of the user's own, for clusters that none of the other loaders knows. It is split at
 * spaces (quotes keep words together) and run without a shell, so that a name in it can do no harm;
 * who wants a pipe writes `sh -c '…'`.
 */
export class CommandLoader implements Loader {
  readonly name = "command";

  constructor(
    private readonly template: string,
    private readonly image: string,
    /** A loader that can look into the nodes, where there is one, to verify. */
    private readonly nodes: Loader | undefined,
  ) {}

  async missing(signal?: AbortSignal): Promise<string[] | undefined> {
    return this.nodes?.missing(signal);
  }

  async load(request: LoadRequest): Promise<Pick<LoadResult, "bytesSent" | "path">> {
    const [tool, ...args] = commandWords(this.template, this.image);
    if (tool === undefined) throw new Error("imageLoadCommand is empty.");
    const printed = await output(tool, args, { timeout: TRANSFER_MS, signal: request.signal });
    for (const line of printed.trim().split("\n").filter(Boolean)) request.log(line);
    return { bytesSent: 0, path: "command" };
  }
}

/**
 * The words of a template, with `{image}` filled in after splitting: it is always within one word.
 * @throws Error where a quote or a backslash leaves in doubt what was meant
 */
export function commandWords(template: string, image: string): string[] {
  const word = /(?:[^\s"'\\]+|"[^"\\]*"|'[^']*')+/g;
  const rest = template.replace(word, "").trim();
  if (rest !== "") {
    throw new Error(
      `imageLoadCommand cannot be split into words: ${rest.includes("\\") ? "a backslash means nothing outside of '…'" : `a ${rest.charAt(0)} has no partner`}. ` +
        `A whole command of a shell's goes into '…': pulumi config set imageLoadCommand "sh -c 'TOOL load {image}'"`,
    );
  }
  const words = template.match(word) ?? [];
  return words.map((word) =>
    word
      .replace(
        /"([^"]*)"|'([^']*)'/g,
        (_, double?: string, single?: string) => double ?? single ?? "",
      )
      .replaceAll("{image}", image),
  );
}
