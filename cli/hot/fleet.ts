/** All pods of one application: keeps each at the newest files, those that come later too. */
import { hotLabel } from "../../manifests/hot";
import { messageOf } from "../../tools/errors";
import { kubectl, type ClusterAddress } from "../../tools/kubectl";
import { archive } from "./archive";
import { changedFiles, type Content } from "./content";
import { deliver } from "./deliver";
import type { HotApplication } from "./plan";
import type { HotPod } from "./pods";
import type { Report } from "./report";

/** What came of an edit, for people. */
export interface Outcome {
  application: HotApplication;
  content: Content;
  /** Files that differ from those that the pods had. */
  files: string[];
  /** Names of the pods that serve them now. */
  serving: string[];
  /** Pods that could not, with the reason. */
  failed: { pod: string; message: string }[];
  /** Milliseconds since the files were handed to `show`. */
  took: number;
}

/** Milliseconds after which files that could not be sent are sent again. */
const AGAIN_MS = 2000;

interface Member {
  pod: HotPod;
  /** What its volume has; undefined before its first files. */
  has?: Content;
  isBusy: boolean;
}

export class Fleet {
  readonly #members = new Map<string, Member>();
  #wanted: { content: Content; since: number };
  /** The last content that some pod served: what a new pod gets while the newest does not run. */
  #good: Content;
  #isBroken = false;
  /** Content tag of files that were not sent, because of what is wrong with them. */
  #refused: string | undefined;

  /**
   * @param first what the pods begin with
   * @param told called when the pods have answered to their files
   * @param trouble called when they could not be sent
   */
  constructor(
    readonly application: HotApplication,
    first: Content,
    private readonly cluster: ClusterAddress,
    private readonly namespace: string,
    private readonly told: (outcome: Outcome) => void,
    private readonly trouble: (message: string) => void,
    private readonly signal: AbortSignal,
  ) {
    this.#wanted = { content: first, since: Date.now() };
    this.#good = first;
  }

  /** What its pods are to run. */
  get content(): Content {
    return this.#wanted.content;
  }

  /** Whether the newest files do not run. */
  get isBroken(): boolean {
    return this.#isBroken || this.#refused !== undefined;
  }

  /** @param since when they were saved, as far as that is known */
  async show(content: Content, since: number): Promise<void> {
    const known = this.#refused ?? this.content.tag;
    if (content.tag === known) return;
    const files = changedFiles(this.content, content);
    // Before anything else is awaited, so that the next files are compared with these.
    this.#refused = content.tag;
    const message = await this.application.check?.(content, files);
    if (this.#refused !== content.tag) return; // newer ones came meanwhile
    if (message !== undefined) {
      const failed = [{ pod: "", message }];
      const { application } = this;
      this.told({ application, content, files, serving: [], failed, took: Date.now() - since });
      return;
    }
    this.#refused = undefined;
    if (content.tag === this.content.tag) return;
    this.#wanted = { content, since };
    this.#isBroken = false;
    this.#deliver();
  }

  pod({ isThere, ...pod }: HotPod & { isThere: boolean }): void {
    if (!isThere) this.#members.delete(pod.uid);
    else if (!this.#members.has(pod.uid)) this.#members.set(pod.uid, { pod, isBusy: false });
    else return;
    this.#deliver();
  }

  /** Sends files to all that lag behind, at once to those that have the same on the same node. */
  #deliver(): void {
    if (this.signal.aborted) return;
    const groups = new Map<string, Member[]>();
    for (const member of this.#members.values()) {
      if (member.isBusy || member.has?.tag === this.#target(member).tag) continue;
      const key = `${member.pod.node} ${member.has?.tag ?? ""}`;
      groups.set(key, [...(groups.get(key) ?? []), member]);
    }
    for (const members of groups.values()) {
      this.#send(members).catch((error: unknown) => {
        if (this.signal.aborted) return;
        this.trouble(messageOf(error));
        setTimeout(() => {
          this.#deliver();
        }, AGAIN_MS);
      });
    }
  }

  /** What a pod is to have: of files that are known not to run it is sent the last that did. */
  #target({ has }: Member): Content {
    const { content } = this.#wanted;
    return this.#isBroken && has?.tag !== content.tag ? this.#good : content;
  }

  async #send(members: Member[]): Promise<void> {
    const [first] = members;
    if (first === undefined) return;
    const { since } = this.#wanted;
    const content = this.#target(first);
    const files = changedFiles(first.has, content);
    members.forEach((member) => (member.isBusy = true));
    const isFirst = first.has === undefined;
    const { supervisor, settings } = this.application;
    const uids = members.map(({ pod }) => pod.uid);
    let reports: Promise<ReadonlyMap<string, Report>>;
    try {
      const parcel = await archive({ before: first.has, after: content, supervisor, settings });
      const delivery = deliver(first.pod.node, uids, parcel, this.signal);
      ({ reports } = delivery);
      await delivery.written;
      members.forEach((member) => (member.has = content));
    } catch (error) {
      // What they have now nobody knows: they are sent everything the next time.
      members.forEach((member) => delete member.has);
      throw error;
    } finally {
      members.forEach((member) => (member.isBusy = false));
    }
    this.#deliver(); // there may be newer files by now
    await this.#conclude(members, content, await reports, { since, files: isFirst ? [] : files });
  }

  async #conclude(
    members: readonly Member[],
    content: Content,
    reports: ReadonlyMap<string, Report>,
    { since, files }: { since: number; files: string[] },
  ): Promise<void> {
    const serving: string[] = [];
    const failed: Outcome["failed"] = [];
    for (const member of members) {
      const { pod } = member;
      const report = reports.get(pod.uid);
      if (report?.state === "serving") serving.push(pod.name);
      if (report?.state === "failed") failed.push({ pod: pod.name, message: report.message });
      const isNewest = this.#members.has(pod.uid) && member.has?.tag === this.content.tag;
      if (report === undefined && isNewest) {
        delete member.has; // nobody knows: it is sent everything the next time
        failed.push({ pod: pod.name, message: "It does not answer." });
      }
    }
    const took = Date.now() - since;
    if (serving.length > 0) this.#good = content;
    if (content.tag === this.#wanted.content.tag) this.#isBroken ||= failed.length > 0;
    if (serving.length + failed.length > 0) {
      this.told({ application: this.application, content, files, serving, failed, took });
    }
    await this.#label(serving, content);
  }

  /** Says on the pods themselves what they run. */
  async #label(pods: readonly string[], { tag }: Content): Promise<void> {
    if (pods.length === 0) return;
    const label = `${hotLabel}=${tag}`;
    const args = ["-n", this.namespace, "label", "--overwrite", "pods", ...pods, label];
    const { code, stderr } = await kubectl(this.cluster, args, { timeout: 20_000 });
    // One that is gone meanwhile takes nothing away from the others.
    if (code !== 0 && !/not found/.test(stderr)) this.trouble(stderr.trim());
  }
}
