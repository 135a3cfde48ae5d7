/**
 * What Docker, kubectl, Minikube and Pulumi say when something is wrong that many users meet, what it means, and what to do
 * about it: each known once, for the commands, the loaders of images and the reviews of previews. The first rule that
 * matches counts.
 */

export interface Explanation {
  message: string;
  next: string[];
  /** Whether the tools' own words belong below the message: they hold what a person must read. */
  withDetails?: boolean;
}

interface Rule {
  /** The program that must have said it, where the words alone could mean something else. */
  tool?: RegExp;
  when: RegExp;
  explain: (match: RegExpExecArray) => Explanation;
}

function unavailable(image: string): Explanation {
  return {
    message: `The base image ${image} cannot be had.`,
    next: [
      `docker pull ${image}   (shows why)`,
      "npm run pulumi -- config set nodeImage IMAGE   (pythonImage, postgresImage: another image or a mirror)",
    ],
  };
}

/** As people write it: Docker Hub's own images have neither host nor `library/`. */
function imageName(host: string, repository: string, tag: string): string {
  const separator = tag.startsWith("sha256:") ? "@" : ":";
  const hub = /(^|\.)docker\.io$/.test(host);
  return `${hub ? "" : `${host}/`}${hub ? repository.replace(/^library\//, "") : repository}${separator}${tag}`;
}

/** The command that starts a daemon on this kind of machine. */
export function startDocker(): string {
  if (process.platform !== "linux") return "start Docker Desktop and wait until it says it runs";
  return "sudo systemctl start docker (or, without systemd: sudo dockerd)";
}

function install(name: string, otherwise: string[] = []): Rule {
  return {
    tool: new RegExp(`^${name.toLowerCase()}\\b`),
    when: /^was not found/m,
    explain: () => ({
      message: `${name} is not on this machine.`,
      next: [
        `Install ${name === "Docker" ? "Docker" : name.toLowerCase()}, then run the command again`,
        "npm run doctor             (shows what else is needed)",
        ...otherwise,
      ],
    }),
  };
}

const rules: Rule[] = [
  install("Docker"),
  install("kubectl"),
  install("Minikube", ["or choose another way: pulumi config set imageLoader registry"]),
  {
    when: /incorrect passphrase|passphrase must be set/i,
    explain: () => ({
      message: "The passphrase does not fit the encrypted values of the stack's file.",
      next: [
        "The stack local: put back .stack/passphrase, or delete Pulumi.local.yaml and .stack/passphrase, run npm start,",
        "  and set your secrets again (npm run pulumi -- config set --secret KEY)",
        "Another stack: export PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE as its team has it",
      ],
    }),
  },
  {
    when: /stack is currently locked by[\s\S]*?(created by .*|$)|Another update is currently in progress/,
    explain: (match) => ({
      message: `Another update of this stack is running${match[1] ? ` (${match[1].trim()})` : ""}.`,
      next: [
        "Wait until it is over, then: npm start",
        "If it is not running any more: npm run pulumi -- cancel",
      ],
    }),
  },
  {
    when: /(The stack's configuration has [\s\S]*?)(?=\n\s+at |\n\n|$)/,
    explain: (match) => ({ message: (match[1] ?? "").trim(), next: [] }),
  },
  {
    when: /configuration keys? '(\w+)' must be of type '([^']+)'/,
    explain: ([, key = "", type = ""]) => ({
      message: `The stack's configuration is not right: ${key} must be of type ${type}.`,
      next: [`npm run pulumi -- config set ${key} VALUE   (Pulumi.yaml says what each key is for)`],
    }),
  },
  {
    when: /cannot be deleted\s+because it is protected|is protected and cannot be|as it is currently marked for protection/,
    explain: () => ({
      message: "The database is protected, so nothing was removed.",
      next: [
        "npm run pulumi -- config set databaseProtect false",
        "npm run pulumi -- up       (takes the protection off)",
        "npm run down",
      ],
    }),
  },
  {
    when: /no space left on device|ENOSPC/i,
    explain: () => ({
      message: "A disk is full, on this machine or in the node.",
      next: [
        "docker system df           (what Docker uses)",
        "docker system prune        (removes what no container uses)",
        "npm start                  (continues)",
      ],
    }),
  },
  {
    when: /toomanyrequests|pull rate limit/i,
    explain: () => ({
      message: "The image registry's pull limit is reached, so a base image cannot be had now.",
      next: [
        "docker login               (a free account has a higher limit), then: npm start",
        "or name a mirror: npm run pulumi -- config set nodeImage MIRROR/node:20-alpine   (pythonImage, postgresImage)",
      ],
    }),
  },
  {
    when: /permission denied.*docker\.sock|docker\.sock.*permission denied/is,
    explain: () => ({
      message: "Your user may not use Docker.",
      next: ["sudo usermod -aG docker $USER   (then log in again)"],
    }),
  },
  {
    when: /Cannot connect to the Docker daemon|failed to connect to any docker daemon|docker daemon.*(not running|refused)|error during connect/i,
    explain: () => ({
      message: "No Docker daemon answers.",
      next: [
        `Start Docker: ${startDocker()}`,
        "Another daemon is chosen with DOCKER_HOST or docker context use",
      ],
    }),
  },
  {
    tool: /^docker (push|manifest)/,
    when: /unauthorized|authentication required|denied|no basic auth/i,
    explain: () => ({
      message: "The registry wants a login, or this login may not push there.",
      next: ["docker login REGISTRY      (then run the command again)"],
    }),
  },
  {
    when: /(?:failed to resolve source metadata for|pull access denied for)\s*([^\s:,]+(?::[^\s:,]+)?)/,
    explain: ([, image = ""]) => unavailable(image),
  },
  {
    // A build names this step whatever becomes of it; only what a registry or the way to it says makes it the one that failed.
    when: /\[internal\] load metadata for ([^\s:,"]+(?::[^\s:,"]+)?)(?:" failed|[\s\S]*?(?:failed to create LLB definition|failed to resolve|failed to authorize|failed to fetch (?:oauth|anonymous) token|pull access denied|failed to do request))/,
    explain: ([, image = ""]) => unavailable(image),
  },
  {
    when: /failed to do request: Head "https?:\/\/([^/"]+)\/v2\/([^"]+)\/manifests\/([^"]+)"/,
    explain: ([, host = "", repository = "", tag = ""]) =>
      unavailable(imageName(host, repository, tag)),
  },
  {
    when: /field conflict detected|had an apply conflict/,
    explain: () => ({
      message:
        "Somebody changed the same fields by hand, and the API server takes them for theirs.",
      next: [
        "npm run drift                        (shows what was changed by hand, and where)",
        "npm run drift -- --repair            (takes it back)",
      ],
      withDetails: true,
    }),
  },
  {
    when: /failed to fully initialize or become live|timed out waiting to be Ready/,
    explain: () => ({
      message: "A rollout did not finish in time. Pods that were there before still serve.",
      next: ["Put right what the pods' last words name, then: npm start"],
      withDetails: true,
    }),
  },
  {
    when: /context .* does not exist|no context exists/i,
    explain: () => ({
      message: "The kubeconfig has no such context.",
      next: [
        "kubectl config get-contexts                              (those that there are)",
        "npm run pulumi -- config set kubernetes:context NAME     (chooses one)",
      ],
    }),
  },
  {
    tool: /^kubectl/,
    when: /connection .* was refused|i\/o timeout|took longer|did not answer within/i,
    explain: stopped,
  },
  {
    when: /configured Kubernetes cluster is unreachable|Unable to connect to the server|connection to the server .* was refused/,
    explain: stopped,
  },
  {
    when: /Stack '.*' is missing configuration|no stack named|stack .* not found/,
    explain: () => ({
      message: "The backend does not have the stack, or not with this configuration.",
      next: ["pulumi stack ls   (does the job's PULUMI_BACKEND_URL have the stack?)"],
      withDetails: true,
    }),
  },
  {
    when: /PULUMI_ACCESS_TOKEN must be set|could not get cloud url|invalid access token/,
    explain: () => ({
      message: "Pulumi is not logged in to the backend.",
      next: [
        "Set the secret PULUMI_ACCESS_TOKEN of the repository, or PULUMI_BACKEND_URL for another backend",
        "pulumi login               (on your own machine)",
      ],
    }),
  },
  {
    when: /provided port is already allocated/,
    explain: () => ({
      message: "Another Service of this cluster has the stack's node port already.",
      next: [
        "npm run pulumi -- config set nodePort 30301   (another free one, 30000-32767), then: npm start",
      ],
    }),
  },
];

function stopped(): Explanation {
  return {
    message: "The cluster does not answer; it may be stopped.",
    next: ["npm start                  (starts it again)", "npm run doctor"],
  };
}

function find(commands: readonly string[], text: string): Explanation | undefined {
  for (const { tool, when, explain: words } of rules) {
    if (tool !== undefined && !commands.some((command) => tool.test(command))) continue;
    const match = when.exec(text);
    if (match !== null) return words(match);
  }
  return undefined;
}

/** What is known about an error text, or undefined. Commands in it stand between backticks, as ToolError writes them. */
export function explain(text: string): Explanation | undefined {
  const commands = [...text.matchAll(/`([^`\n]+)`/g)].map(([, command = ""]) => command);
  // Where the text quotes a command, what happened to it follows on the same line.
  return find(commands, text.replace(/`[^`\n]+` (?=was not found)/g, "\n"));
}

/** What to do about what a program said, as lines for below its own words; undefined where those have to do. */
export function remedyFor(command: string, output: string): string | undefined {
  const known = find([command], output);
  return known === undefined ? undefined : [known.message, ...known.next].join("\n  ");
}

/**
 * Commands in the form that works for this user: a bare `pulumi …` only where the shell has the stack's
 * environment (`eval "$(npm run -s env)"`), `npm run pulumi -- …` everywhere else. A command that names its stack is
 * about that stack's own backend, and stays as it is.
 */
export function inUsersForm(text: string, bareWorks: boolean): string {
  const verbs = "up|preview|refresh|destroy|config|stack|cancel|logs|state";
  const [from, to] = bareWorks
    ? [new RegExp(`npm run pulumi -- (?=${verbs})`, "g"), "pulumi "]
    : [
        new RegExp(`(?<!npm run )(?<![\\w/-])pulumi (?=(?:${verbs})\\b)`, "g"),
        "npm run pulumi -- ",
      ];
  return text
    .split("\n")
    .map((line) => (/pulumi\b.*\s(--stack|-s)[ =]/.test(line) ? line : line.replace(from, to)))
    .join("\n");
}
