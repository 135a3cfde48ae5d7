/** Why a container's own words say that it could not start, with the key of the stack that lets it. Starts nothing. */

interface Refusal {
  when: RegExp;
  /** @param key makes a key's name of its end, such as `backendWritablePaths` */
  say: (match: RegExpExecArray, key: (end: string) => string) => string;
}

/** What Node.js, Python, Go and shells say around a path. */
const quotedPath = String.raw`['"\`]?(/[^\s'"\`:,)]+)`;

const refusals: Refusal[] = [
  {
    // Before the sign of the system, where it comes first (Go, shells), or after it (Node.js, Python).
    when: new RegExp(
      String.raw`(?:EROFS[^\n]*?(mkdir|open|\w+) ${quotedPath}|[Rr]ead-only file system: ${quotedPath}|(mkdir|open)? ?${quotedPath}['"\`]?: [Rr]ead-only file system)`,
    ),
    say: ([, call = "", first, second, other = "", third], key) => {
      const path = first ?? second ?? third ?? "/";
      const folder = /mkdir/.test(call + other) || !/[^/]\.\w+$/.test(path) ? path : parentOf(path);
      return (
        `it may not write to ${path}: the root file system is read-only. A folder to write to, empty at each start: ` +
        `pulumi config set --path '${key("WritablePaths")}[1]' ${folder}   ` +
        `(it hides what the image has there; README, "Your own applications", lists folders and variables by framework)`
      );
    },
  },
  {
    when: new RegExp(
      String.raw`(?:EACCES[^\n]*? ${quotedPath}|[Pp]ermission denied: ${quotedPath})`,
    ),
    say: ([, first, second], key) =>
      `user and group of the container may not use ${first ?? second}: ` +
      `pulumi config set ${key("RunAsUser")} NUMBER   (the one that the image's files belong to)`,
  },
  {
    when: /probe failed:[^\n]*connection refused/,
    say: (_, key) =>
      `nothing listens on the port yet: ${key("Port")} must be the one that its log names, on 0.0.0.0; ` +
      `a start that takes longer has ${key("StartSeconds")}`,
  },
  {
    when: /probe failed: HTTP probe failed with statuscode: (400|403|421)/,
    say: ([, code], key) =>
      `the probe was answered ${code}: an application that checks the Host header wants ` +
      `pulumi config set ${key("ProbeHost")} NAME   (one that it knows)`,
  },
  {
    when: /probe failed: HTTP probe failed with statuscode: (404|405|401|30\d)/,
    say: ([, code], key) =>
      `the probe was answered ${code}: ${key("LivenessPath")} and ${key("ReadinessPath")} are paths that answer 200, or ` +
      `pulumi config set ${key("ProbeKind")} tcp`,
  },
  {
    when: /probe failed:[^\n]*malformed HTTP/,
    say: (_, key) =>
      `what listens there is no HTTP: pulumi config set ${key("ProbeKind")} tcp   (or grpc)`,
  },
  {
    when: /ended with exit code \d+ \(OOMKilled\)/,
    say: (_, key) =>
      `it wanted more memory than it may have: pulumi config set ${key("MemoryLimit")} 1Gi`,
  },
];

function parentOf(path: string): string {
  return path.replace(/\/[^/]+$/, "") || "/";
}

/**
 * What lets a container start that was refused something.
 * @param container its name: an application's, or that of its migration
 * @param words all that is known of it
 * @returns lines; none where nothing is known, or the container is none of the applications'
 */
export function remediesOf(container: string, words: string): string[] {
  const app = /^(frontend|backend|mcp)(-migrate)?$/.exec(container)?.[1];
  if (app === undefined) return [];
  return refusals.flatMap(({ when, say }) => {
    const match = when.exec(words);
    return match === null ? [] : [`→ ${say(match, (end) => `${app}${end}`)}`];
  });
}
