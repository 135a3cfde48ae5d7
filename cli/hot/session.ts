/** `npm run dev -- --cluster`: saved files run in every pod; what only a new image can take in is an update. */
import { LOCAL_STACK } from "../../automation/environment";
import { parseStackFile, readStackFile } from "../../config/stack-file";
import type { StackConfig } from "../../config/stack";
import { findContainers } from "../../images/load/choose";
import type { ImageSource } from "../../images/source";
import { contentReference } from "../../images/tag";
import { imageSources } from "../../stack/images";
import { messageOf, UserError } from "../../tools/errors";
import { readCluster } from "../../tools/kubectl";
import { root } from "../../tools/paths";
import { seconds } from "../format";
import { stackFile } from "../stack-file";
import { readRecord, type StackRecord } from "../stack-record";
import { note, paint, print } from "../terminal";
import { updateAgain } from "../update-again";
import { watchAndUpdate, watchSources } from "../watch";
import { readContent } from "./content";
import { Fleet, type Outcome } from "./fleet";
import { outcomeLines } from "./outcome";
import { hotPlan, type HotPlan } from "./plan";
import { watchPods } from "./pods";

/** An editor's steps of writing a file come within this time. */
const SETTLED_MS = 50;

/** Runs until Ctrl-C, and then builds what was edited. */
export async function developInCluster(signal: AbortSignal): Promise<number> {
  const record = readRecord(LOCAL_STACK);
  if (record === undefined) throw new UserError("There is no cluster yet.", ["npm start"]);
  const config = parseStackFile(readStackFile(record.stack, root));
  const plan = hotPlan(config, root);
  const { nodes = [] } = await readCluster(record.cluster, signal);
  const inDocker = await findContainers(
    { nodes: nodes.filter(({ takesPods }) => takesPods) },
    signal,
  );
  if (inDocker === undefined || plan.applications.length === 0) {
    const why =
      inDocker === undefined
        ? "the cluster's nodes are no containers of this machine's Docker"
        : plan.without.join(", ");
    note(`Each edit is an update: ${why}.`);
    return watchAndUpdate(signal);
  }
  return new Session(record, config, plan, signal).run();
}

/**
 * No update of these is stopped half-way: what it did to a Deployment would stay in the cluster, and the state would not
 * know of it.
 */
const never = new AbortController().signal;

class Session {
  readonly #fleets: Fleet[];
  readonly #over = new AbortController();
  /** Settles when the update that is under way has ended. */
  #update: Promise<void> = Promise.resolve();
  #isUpdating = false;
  /** What the last update took in, of all that a pod cannot. */
  #built = "";

  constructor(
    private readonly record: StackRecord,
    private readonly config: StackConfig,
    private readonly plan: HotPlan,
    private readonly signal: AbortSignal,
  ) {
    this.#fleets = plan.applications.map(
      (application) =>
        new Fleet(
          application,
          readContent(application.source, application.hot, root),
          record.cluster,
          config.namespace,
          told,
          note,
          this.#over.signal,
        ),
    );
  }

  async run(): Promise<number> {
    const folders = this.plan.applications.map(({ shown }) => shown);
    const watcher = await watchSources(
      sourcesOf(this.config),
      [stackFile(this.record.stack)],
      () => {
        this.#edited();
      },
      { settled: SETTLED_MS },
    );
    try {
      print(`Pods that run saved files of ${[...new Set(folders)].join(" and ")} are started.`);
      for (const why of this.plan.without) print(`An update for each other edit: ${why}.`);
      watchPods(
        this.record.cluster,
        this.config.namespace,
        (pod) => {
          this.#fleets.find(({ application }) => application.app === pod.app)?.pod(pod);
        },
        this.#over.signal,
      ).catch((error: unknown) => {
        note(messageOf(error));
      });
      this.#edited();
      await new Promise<void>((resolve) => {
        if (this.signal.aborted) resolve();
        this.signal.addEventListener("abort", () => {
          resolve();
        });
      });
    } finally {
      await watcher.close();
    }
    return this.#end();
  }

  /** After each edit, and at first. */
  #edited(): void {
    const since = Date.now();
    try {
      for (const fleet of this.#fleets) {
        const { source, hot } = fleet.application;
        fleet.show(readContent(source, hot, root), since).catch((error: unknown) => {
          note(messageOf(error));
        });
      }
      const rest = this.#rest();
      if (rest === this.#built) return;
      this.#built = rest;
    } catch (error) {
      note(messageOf(error)); // a missing folder, a link that leads nowhere; the next edit is looked at again
      return;
    }
    this.#update = this.#update.then(() => this.#updateOnce());
  }

  /** All that takes part in a build and that no pod can take in as it is saved. */
  #rest(): string {
    const config = parseStackFile(readStackFile(this.record.stack, root));
    const hot = this.#fleets.map(({ application }) => application);
    return JSON.stringify([
      config,
      ...hot.map(({ source, hot }) => readContent(source, hot, root).rest),
      ...sourcesOf(config)
        .filter(({ label }) => !hot.some(({ source }) => source.label === label))
        .map((source) => contentReference(source, root)),
    ]);
  }

  async #updateOnce(): Promise<void> {
    if (this.signal.aborted) return;
    const since = Date.now();
    this.#isUpdating = true;
    try {
      const summary = await updateAgain(this.record, never, { hot: this.plan.choice });
      print(`${clock()} ${summary} (${seconds(Date.now() - since)})`);
      print(
        "Each saved file is served by all pods within seconds. Ctrl-C builds what was edited and ends.",
      );
    } catch (error) {
      note(messageOf(error));
    } finally {
      this.#isUpdating = false;
    }
  }

  /** The stack as it is configured, of the very files that the pods ran. */
  async #end(): Promise<number> {
    if (this.#isUpdating) print("Waiting for the update that is under way …");
    await this.#update;
    this.#over.abort();
    const broken = this.#fleets.filter(({ isBroken }) => isBroken);
    if (broken.length > 0) {
      const which = broken.map(({ application }) => application.shown).join(" and ");
      throw new UserError(
        `The newest files of ${which} do not run, so no image is made of them: the pods go on with the ones before, ` +
          "as npm run status shows.",
        [
          "Set right what was shown above",
          "npm start   (makes the images, and ordinary pods of them)",
        ],
      );
    }
    print("Making images of what was edited, and ordinary pods of them …");
    const summary = await updateAgain(this.record, never);
    print(`${clock()} ${summary}`);
    return 0;
  }
}

/** What the images are made from. */
function sourcesOf(config: StackConfig): ImageSource[] {
  const { frontend, backend, mcp } = imageSources(config);
  return [frontend, backend, ...(mcp === undefined ? [] : [mcp])];
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

function told(outcome: Outcome): void {
  for (const { isBad, text } of outcomeLines(outcome)) {
    print(isBad ? paint("red", text) : text);
  }
}
