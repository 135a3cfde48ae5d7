/** Writes files into the volumes of pods from their node's side, and reads there what came of them. */
import { hotNames, hotReport, hotVolumes } from "../../manifests/hot";
import { start } from "../../tools/process";
import { archiveNames } from "./archive";
import { parseReports, type Report } from "./report";

/** Seconds that a pod may take from its files to a report: a new one has its whole start in them. */
const REPORT_S = 90;

/**
 * In a node, as root, with what every node has. A pod can change nothing of what is written here: the volume of the files is
 * read-only to it. `wanted` is away while files change, so that nobody takes half of them for all.
 */
const SCRIPT = `
set -eu
umask 022
pods=/var/lib/kubelet/pods
stage=$(mktemp -d /var/lib/kubelet/todo-app-files.XXXXXX)
trap 'rm -rf "$stage"' EXIT
tar -xf - -C "$stage"
volume() { echo "$pods/$1/volumes/kubernetes.io~empty-dir/$2"; }
write() {
  v=$(volume "$1" ${hotVolumes.files})
  # The kubelet makes it once the pod is on its node.
  n=0
  until [ -d "$v" ]; do n=$((n + 1)); [ $n -le 300 ] || return 0; sleep 0.1; done
  rm -f "$v/${hotNames.wanted}"
  if [ -f "$stage/${archiveNames.gone}" ]; then
    while IFS= read -r name; do rm -rf "$v/${hotNames.tree}/$name"; done < "$stage/${archiveNames.gone}"
  else
    rm -rf "$v/${hotNames.tree}"
  fi
  mkdir -p "$v/${hotNames.tree}"
  cp -R "$stage/${archiveNames.files}/." "$v/${hotNames.tree}/"
  cp "$stage/${hotNames.supervisor}" "$stage/${hotNames.settings}" "$v/"
  cp "$stage/${hotNames.wanted}" "$v/.${hotNames.wanted}"
  mv "$v/.${hotNames.wanted}" "$v/${hotNames.wanted}"
}
for uid in "$@"; do write "$uid" & done
wait
echo delivered
tag=$(cat "$stage/${hotNames.wanted}")
end=$(($(date +%s) + ${REPORT_S}))
report() {
  w=$(volume "$1" ${hotVolumes.work})/${hotReport}
  v=$(volume "$1" ${hotVolumes.files})/${hotNames.wanted}
  while [ -d "$pods/$1" ] && [ "$(date +%s)" -le "$end" ]; do
    # Newer files are on their way: what comes of these is of no interest.
    [ "$(cat "$v" 2>/dev/null)" = "$tag" ] || return 0
    # A link would be read in the node.
    if [ ! -L "$w" ] && grep -q "\\"content\\": *\\"$tag\\"" "$w" 2>/dev/null; then
      # Not by echo, which in some shells makes line ends of the report's own.
      printf '%s %s\\n' "$1" "$(head -c 20000 "$w")"
      return 0
    fi
    sleep 0.05
  done
}
for uid in "$@"; do report "$uid" & done
wait
`;

export interface Delivery {
  /** Settles when the files are there. */
  written: Promise<void>;
  /** What came of them, by the pods' UIDs; without those that are gone, that have newer files, or that say nothing. */
  reports: Promise<ReadonlyMap<string, Report>>;
}

/**
 * @param node container of the pods' node
 * @param uids pods that have the same files
 * @param parcel made by archive.ts
 */
export function deliver(
  node: string,
  uids: readonly string[],
  parcel: Buffer,
  signal: AbortSignal,
): Delivery {
  const args = ["exec", "--interactive", node, "sh", "-c", SCRIPT, "todo-app", ...uids];
  const timeout = (REPORT_S + 60) * 1000;
  const { stdin, stdout, done } = start("docker", args, { timeout, signal });
  stdin.end(parcel);
  let printed = "";
  const written = new Promise<void>((resolve, reject) => {
    stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
      if (printed.includes("delivered\n")) resolve();
    });
    done.then(() => {
      resolve();
    }, reject);
  });
  const reports = done.then(() => parseReports(printed));
  reports.catch(() => undefined); // `written` fails with the same
  return { written, reports };
}
