/** What a Dockerfile says about the image of one of its stages, and about those that it is made of. */
export interface DockerfileFacts {
  /** TCP ports of EXPOSE. */
  ports: number[];
  /** As USER has it; absent where the image runs as its base does. */
  user?: string;
  /** The user's number, where the Dockerfile says it or the distribution's own counting gives it. */
  userId?: number;
  workdir: string;
  /** Folders of VOLUME. */
  volumes: string[];
  /** ENTRYPOINT and CMD, words or a shell's line. */
  command: string;
  env: Record<string, string>;
  /** Names of ARG with their defaults. */
  args: Record<string, string>;
  healthcheck: string;
  /** Names of `RUN --mount=type=secret`. */
  secrets: string[];
  /** What COPY and ADD take from the context, as written; of all stages. */
  sources: string[];
  /** What COPY takes from other stages, as written. */
  fromStages: string[];
  /** Names of the stages. */
  stages: string[];
  /** Images that it begins from, arguments filled in. */
  bases: string[];
}

interface Stage {
  base: string;
  name: string;
  instructions: [word: string, rest: string][];
}

/** @param target the stage that is built; the last one where absent or unknown */
export function readDockerfile(text: string, target?: string): DockerfileFacts {
  const stages: Stage[] = [];
  const args: Record<string, string> = {};
  for (const [word, rest] of instructions(text)) {
    if (word === "ARG") Object.assign(args, assignments(rest, "="));
    if (word === "FROM") {
      const [, base = "", name = ""] =
        /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(filled(rest, args)) ?? [];
      stages.push({ base, name: name.toLowerCase(), instructions: [] });
    } else stages.at(-1)?.instructions.push([word, rest]);
  }
  const wanted = stages.find(({ name }) => name !== "" && name === target?.toLowerCase());
  const facts: DockerfileFacts = {
    ports: [],
    workdir: "/",
    volumes: [],
    command: "",
    env: {},
    args,
    healthcheck: "",
    secrets: [...text.matchAll(/--mount=\S*type=secret\S*/g)].flatMap(([mount]) =>
      [...mount.matchAll(/(?<![\w-])id=([^,\s]+)/g)].map(([, id = ""]) => id),
    ),
    sources: stages.flatMap((stage) => stage.instructions.flatMap(sourcesOf)),
    fromStages: stages.flatMap((stage) =>
      stage.instructions
        .filter(([word, rest]) => word === "COPY" && rest.includes("--from="))
        .map(([, rest]) => rest),
    ),
    stages: stages.map(({ name }) => name).filter((name) => name !== ""),
    bases: stages
      .map(({ base }) => base)
      .filter((base) => !stages.some(({ name }) => name === base)),
  };
  const chain = lineage(stages, wanted ?? stages.at(-1));
  for (const stage of chain) for (const each of stage.instructions) apply(facts, each);
  if (facts.user !== undefined) {
    const userId = numberOf(facts.user, chain);
    if (userId !== undefined) facts.userId = userId;
  }
  return facts;
}

/** Instructions with their lines joined; heredocs' own lines are skipped. */
function instructions(text: string): [string, string][] {
  const found: [string, string][] = [];
  let open = "";
  let heredoc: string | undefined;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (heredoc !== undefined) {
      if (line.trim() === heredoc) heredoc = undefined;
      continue;
    }
    if (/^\s*#/.test(line) || (open === "" && line.trim() === "")) continue;
    open += line;
    if (/\\\s*$/.test(open)) {
      open = open.replace(/\\\s*$/, " ");
      continue;
    }
    const [, word = "", rest = ""] = /^\s*(\w+)\s*([^]*)$/.exec(open) ?? [];
    found.push([word.toUpperCase(), rest.trim()]);
    heredoc = /<<-?["']?(\w+)["']?/.exec(rest)?.[1];
    open = "";
  }
  return found;
}

/** The stages that one is made of, the first one first. */
function lineage(stages: Stage[], stage?: Stage): Stage[] {
  if (stage === undefined) return [];
  const index = stages.indexOf(stage);
  const base = stages
    .slice(0, index)
    .find(({ name }) => name !== "" && name === stage.base.toLowerCase());
  return [...lineage(stages, base), stage];
}

function apply(facts: DockerfileFacts, [word, rest]: [string, string]): void {
  const value = filled(rest, { ...facts.args, ...facts.env });
  if (word === "ENV") {
    const pairs = /^\w+\s+[^=]*$/.test(rest) ? assignments(value, " ") : assignments(value, "=");
    Object.assign(facts.env, pairs);
  } else if (word === "EXPOSE") {
    const ports = value.split(/\s+/).filter((port) => !/\/udp$/i.test(port));
    facts.ports = [
      ...facts.ports,
      ...ports.map((port) => parseInt(port, 10)).filter(Number.isFinite),
    ];
  } else if (word === "USER") facts.user = value.split(":")[0] ?? "";
  else if (word === "WORKDIR") {
    facts.workdir = value.startsWith("/") ? value : `${facts.workdir.replace(/\/$/, "")}/${value}`;
  } else if (word === "CMD")
    facts.command = `${facts.command.split(" && ")[0] ?? ""} ${words(value)}`.trim();
  else if (word === "ENTRYPOINT") facts.command = words(value);
  else if (word === "VOLUME")
    facts.volumes.push(
      ...words(value)
        .split(/\s+/)
        .filter((folder) => folder.startsWith("/")),
    );
  else if (word === "HEALTHCHECK") facts.healthcheck = /^none$/i.test(value) ? "" : value;
}

/** A list in brackets as one line. */
function words(value: string): string {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.join(" ") : value;
  } catch {
    return value;
  }
}

/** `A=1 B="two words"`, or `A one value` where the separator is a blank. */
function assignments(text: string, separator: "=" | " "): Record<string, string> {
  if (separator === " ") {
    const [, name = "", value = ""] = /^(\w+)\s+([^]*)$/.exec(text) ?? [];
    return name === "" ? {} : { [name]: unquoted(value.trim()) };
  }
  const pairs = text.matchAll(/(\w+)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s]*))?/g);
  return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, unquoted(value)]));
}

function unquoted(value: string): string {
  return /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value;
}

/** `$NAME` and `${NAME:-default}` replaced, where known. */
function filled(text: string, values: Record<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (all, braced?: string, preset?: string, plain?: string) =>
      values[braced ?? plain ?? ""] || preset || all,
  );
}

function sourcesOf([word, rest]: [string, string]): string[] {
  if (word !== "COPY" && word !== "ADD") return [];
  if (/--from=/.test(rest) || rest.includes("<<")) return [];
  const list = words(rest.replace(/^(--\S+\s+)+/, "")).split(/\s+/);
  return list.slice(0, -1).filter((source) => !/^(https?:|git@)/.test(source));
}

/**
 * A user's number: as written, as the command that makes the user says, or as the distributions count: the first user of a
 * machine is 1000 (in the images of Node.js, which have one already, 1001), system users on Alpine begin at 100.
 */
function numberOf(user: string, stages: Stage[]): number | undefined {
  if (/^\d+$/.test(user)) return Number(user);
  if (user === "root") return 0;
  const hasNode = stages.some(({ base }) => /(^|\/)node(:|$)/.test(base));
  if (user === "node" && hasNode) return 1000;
  const runs = stages.flatMap(({ instructions: all }) => all.filter(([word]) => word === "RUN"));
  const made = runs
    .flatMap(([, rest]) => rest.split(/&&|;|\n/))
    .find(
      (command) => /\b(useradd|adduser)\b/.test(command) && command.split(/\s+/).includes(user),
    );
  if (made === undefined) return undefined;
  const given = /(?:\s-u|\s--uid)[\s=]+(\d+)/.exec(made)?.[1];
  if (given !== undefined) return Number(given);
  if (/\s(-S|-r|--system)\b/.test(made)) return undefined; // counted differently from one release to the next
  return hasNode ? 1001 : 1000;
}
