import * as fs from "node:fs";
import * as path from "node:path";
import { LARGE } from "./content";
import { type BuildContext, type ContextEntry, STAGES } from "./context";
import { isInRepository } from "./repository";
import { type ImageSource, shortName } from "./source";

/** What the Docker provider builds; folders are relative to the project's root. */
export interface ProviderBuild {
  context: string;
  dockerfile: string;
  args: Record<string, string>;
  target?: string;
  /** Whether the image is built before, and the provider only takes it: what it builds holds nothing but its name. */
  isHandOver: boolean;
}

/** Docker's own arguments, which no Dockerfile declares and every build of an image takes. */
const DOCKERS_OWN = ["BUILDKIT_INLINE_CACHE"];

/**
 * Whether the provider cannot build what Docker can, so that this program builds and the provider takes the image from there.
 * Before every plan the provider reads the whole context: it stops at a link that leads nowhere, takes up where on this
 * machine one leads that leaves the context, and takes what differs between two clones (git's files) for a change; it knows no
 * secrets, and would apply an ignore file to what is left after it.
 */
export function needsHandingOver(source: ImageSource, context: BuildContext): boolean {
  if ((source.secrets ?? []).length > 0) return true;
  const ignoreFile = path.relative(context.folder, `${context.dockerfile}.dockerignore`);
  const links = linkResolver(context);
  return context.entries.some(
    (entry) =>
      isInRepository(entry.path) ||
      entry.path === ignoreFile.split(path.sep).join("/") ||
      (entry.kind === "file" && entry.size >= LARGE) ||
      (entry.kind === "link" && !links.stays(entry)),
  );
}

/** Writes the build by which the provider takes over an image that is there under its name. */
export function handOver(source: ImageSource, reference: string, root: string): ProviderBuild {
  const tag = reference.slice(reference.lastIndexOf(":") + 1);
  const folder = path.posix.join(STAGES, `${shortName(source.repository)}.image`, tag);
  const dockerfile = path.posix.join(folder, "Dockerfile");
  fs.mkdirSync(path.resolve(root, folder), { recursive: true });
  const file = path.resolve(root, dockerfile);
  fs.writeFileSync(file, `FROM ${reference}\n`);
  fs.chmodSync(file, 0o644);
  const args = Object.entries(source.buildArgs).filter(([name]) => DOCKERS_OWN.includes(name));
  return { context: folder, dockerfile, args: Object.fromEntries(args), isHandOver: true };
}

type Link = Extract<ContextEntry, { kind: "link" }>;

/** As many links as a path may lead through; Linux gives up at 40 too. */
const MOST_LINKS = 40;

/** Follows links within a context by what is in it, not by what is on the machine. */
function linkResolver(context: BuildContext): { stays: (link: Link) => boolean } {
  const links = new Map<string, string>();
  const others = new Set(["", ...context.folders]);
  for (const entry of context.entries) {
    if (entry.kind === "link") links.set(entry.path, entry.target);
    else others.add(entry.path);
  }
  const stays = (link: Link): boolean => {
    let rest = link.path.split("/");
    let at: string[] = [];
    let followed = 0;
    while (rest.length > 0) {
      const [part = "", ...later] = rest;
      rest = later;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (at.length === 0) return false;
        at.pop();
        continue;
      }
      const here = [...at, part].join("/");
      const target = links.get(here);
      if (target === undefined) {
        if (!others.has(here)) return false;
        at = [...at, part];
      } else {
        if (path.posix.isAbsolute(target) || ++followed > MOST_LINKS) return false;
        rest = [...target.split("/"), ...rest];
      }
    }
    return true;
  };
  return { stays };
}
