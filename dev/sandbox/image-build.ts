/** The ways an image is made here: from a Dockerfile, from Debian packages, with files from npm. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, docker, onPath } from "./engine";
import { run } from "./process";
import { debianRelease } from "./settings";

export interface BuildOptions {
  /** Where the programs of the node image are. */
  programs: string;
  /** Holds temporary folders. */
  cache: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Notes on an image what it was made of, so that a changed recipe makes it anew. */
export const contentLabel = "todo-app.sandbox.content";

/**
 * Builds the context that `fill` writes into an empty folder. It uses the daemon's classic builder:
 * BuildKit's client is not on every machine.
 */
export async function buildImage(
  options: BuildOptions,
  tag: string,
  content: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<void> {
  await withFolder(options, async (folder) => {
    await fill(folder);
    await docker(["build", "--label", `${contentLabel}=${content}`, "--tag", tag, folder], {
      env: { DOCKER_BUILDKIT: "0" },
      signal: options.signal,
    });
  });
}

/** The smallest Debian, and without what nobody reads in a container, now and in later packages. */
export const debianOptions = [
  "--variant=minbase",
  "--include=ca-certificates",
  ...["man", "info", "doc", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
  "--dpkgopt=path-include=/usr/share/doc/*/copyright",
];

/** Makes a Debian with mmdebstrap, from the mirrors that this machine's apt uses. */
export async function importDebian(
  options: BuildOptions,
  tag: string,
  content: string,
): Promise<void> {
  const { signal } = options;
  if (!onPath("mmdebstrap")) {
    if (process.getuid?.() !== 0 || !onPath("apt-get")) {
      throw new Error(
        "mmdebstrap, which makes the Debian base image, is not installed: " +
          "run `sudo apt-get install -y mmdebstrap`.",
      );
    }
    await aptInstall(["mmdebstrap"], signal);
  }
  const input = (await debianSources()).join("\n");
  await withFolder(options, async (folder) => {
    const tar = join(folder, "debian.tar");
    const settings = ["--quiet", ...debianOptions, debianRelease, tar, "-"];
    await run("mmdebstrap", settings, { input, signal });
    const change = `LABEL ${contentLabel}=${content}`;
    await docker(["import", "--change", change, tar, tag], { signal });
  });
}

/** This machine's Debian mirrors, as sources of the release that the images are made of. */
async function debianSources(): Promise<string[]> {
  const printed = await run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)"]);
  const mirrors = new Map<string, string>();
  for (const line of printed.split("\n")) {
    const [, uri, suite = ""] = /^(\S*debian\S*) [a-z]+(-updates|-security)?$/.exec(line) ?? [];
    if (uri) mirrors.set(suite, uri);
  }
  if (!mirrors.has("")) {
    throw new Error(
      "This machine's apt knows no Debian mirror, so the Debian base image cannot be made: " +
        "use a Debian machine, or one where Minikube and an image registry can be reached.",
    );
  }
  return [...mirrors].map(([suite, uri]) => `deb ${uri} ${debianRelease}${suite} main`);
}

/** Fetches a package with the machine's npm and its settings, and unpacks it into `folder`/`name`. */
export async function unpackNpm(
  options: BuildOptions,
  spec: string,
  folder: string,
  name: string,
): Promise<void> {
  const { signal } = options;
  await withFolder(options, async (fetched) => {
    const pack = ["pack", "--silent", "--pack-destination", fetched, spec];
    await run("npm", pack, { cwd: fetched, signal });
    mkdirSync(join(folder, name));
    for (const tarball of readdirSync(fetched)) {
      const unpack = ["-xzf", join(fetched, tarball), "-C", join(folder, name)];
      await run("tar", [...unpack, "--strip-components=1"], { signal });
    }
  });
}

/** This machine's certificate authorities: builds inside the images trust what the machine trusts. */
export function authorities(): string {
  const file = "/etc/ssl/certs/ca-certificates.crt";
  if (!existsSync(file))
    throw new Error(`${file} is missing: run \`apt-get install -y ca-certificates\`.`);
  return readFileSync(file, "utf8");
}

async function withFolder(
  options: BuildOptions,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(options.cache, "context-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
