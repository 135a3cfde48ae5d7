/** Errors of Pulumi, Docker and Kubernetes that have a known cause, with what to do about each. */
import { startDocker } from "../cli/probes/docker";

export interface Explanation {
  message: string;
  next: string[];
  /** Whether the tools' own words belong below the message: they hold what a person must read. */
  withDetails?: boolean;
}

interface Rule {
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

const rules: Rule[] = [
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
    when: /no space left on device/i,
    explain: () => ({
      message: "The disk is full.",
      next: [
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
    when: /Cannot connect to the Docker daemon|failed to connect to any docker daemon|docker daemon.*(not running|refused)/i,
    explain: () => ({ message: "No Docker daemon answers.", next: [startDocker(), "npm start"] }),
  },
  {
    when: /(?:failed to resolve source metadata for|pull access denied for)\s*([^\s:,]+(?::[^\s:,]+)?)/,
    explain: ([, image = ""]) => unavailable(image),
  },
  {
    when: /failed to do request: Head "https?:\/\/([^/"]+)\/v2\/([^"]+)\/manifests\/([^"]+)"/,
    explain: ([, host = "", repository = "", tag = ""]) =>
      unavailable(imageName(host, repository, tag)),
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
    when: /configured Kubernetes cluster is unreachable|Unable to connect to the server|connection to the server .* was refused/,
    explain: () => ({
      message: "The cluster does not answer; it may be stopped.",
      next: ["npm start                  (starts it again)", "npm run doctor"],
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

/** What is known about an error text, or undefined. */
export function explain(text: string): Explanation | undefined {
  for (const { when, explain: words } of rules) {
    const match = when.exec(text);
    if (match !== null) return words(match);
  }
  return undefined;
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
