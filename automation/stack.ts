/** One stack of this project, for programs: the operations of `npm start`, `down`, `drift` and `new-stack`. */
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { cliEnvironment, type Environment } from "./environment";
import type { PulumiCli } from "../tools/pulumi";
import { root } from "../tools/paths";
import { run, type RunResult } from "../tools/process";
import { failureOf, parsePreview } from "../review/failure";
import type { Review } from "../review/model";
import { reviewPreview } from "../review/preview";
import type { Deployment, PlannedStep } from "./adopt";
import { Diagnostics, OperationFailed } from "./failed";
import { withoutQuestions } from "./pulumi-command";

/** What every long operation takes. */
export interface OperationOptions {
  /** Stops the operation cleanly: what is running is finished, nothing new begins. */
  signal?: AbortSignal;
  /** Each step as it goes, in the engine's own form. */
  onEvent?: (event: EngineEvent) => void;
}

export interface UpOptions extends OperationOptions {
  /** Also compares the state with the cluster first, and takes back what was changed by hand. */
  refresh?: boolean;
}

/** What the program puts out (index.ts). */
export interface Outputs {
  url: string;
  image: { frontend: string; backend: string };
  /** A kubectl command that lists the stack's pods. */
  pods: string;
}

export interface Deployed {
  outputs: Outputs;
  /** Number of resources by what was done: `create`, `update`, `delete`, `replace`, `same`. */
  changes: Record<string, number>;
}

/** Keys whose values the engine must hold encrypted come through stdin; these are plain. */
export type PlainValue = string | number | boolean;

/** A state as `pulumi stack export` writes it. */
export interface ExportedState {
  version: number;
  deployment: Deployment;
}

export class TodoStack {
  constructor(
    readonly name: string,
    /** The Automation API's own stack, for what is not offered here. */
    readonly stack: Stack,
    private readonly cli: PulumiCli,
    private readonly environment: Environment,
  ) {}

  /**
   * Builds, loads and deploys what has changed.
   * @throws OperationFailed with the reason in the engine's words
   */
  async up({ refresh, signal, onEvent }: UpOptions = {}): Promise<Deployed> {
    const deployed: Deployed = {
      outputs: { url: "", image: { frontend: "", backend: "" }, pods: "" },
      changes: {},
    };
    await this.#operation(onEvent, (handle) =>
      this.stack.up({
        ...(refresh === undefined ? {} : { refresh }),
        ...(signal === undefined ? {} : { signal }),
        onEvent: (event) => {
          // The outputs are in the events; asking the CLI for them takes another second.
          const { metadata } = event.resOutputsEvent ?? {};
          const isStack = metadata?.type === "pulumi:pulumi:Stack";
          const found = isStack
            ? (metadata.new?.outputs as Partial<Outputs> | undefined)
            : undefined;
          if (found !== undefined) deployed.outputs = { ...deployed.outputs, ...found };
          if (event.summaryEvent) deployed.changes = { ...event.summaryEvent.resourceChanges };
          handle(event);
        },
      }),
    );
    return deployed;
  }

  /**
   * Removes the stack's objects; its configuration and history stay.
   * @throws OperationFailed with the reason in the engine's words
   */
  async destroy({ signal, onEvent }: OperationOptions = {}): Promise<void> {
    await this.#operation(onEvent, (handle) =>
      this.stack.destroy({ ...(signal === undefined ? {} : { signal }), onEvent: handle }),
    );
  }

  /** What `up` would change. A preview that fails is a review too, with the reason in `failure`. */
  preview(signal?: AbortSignal): Promise<Review> {
    return this.#review(["preview", "--json"], signal);
  }

  /**
   * What differs between the cluster and the state: changed or removed behind the engine's back. `before`
   * of each field is the state's value, `after` the cluster's. Nothing is changed by asking.
   */
  drift(signal?: AbortSignal): Promise<Review> {
    return this.#review(["refresh", "--preview-only", "--json"], signal);
  }

  /**
   * What `up` would make where every object that exists already counts as one to update: the steps as the engine names
   * them. A plain preview fails at the first object that another tool has made.
   * @throws OperationFailed with the reason in the engine's words
   */
  async planned(signal?: AbortSignal): Promise<PlannedStep[]> {
    const { code, stdout, stderr } = await this.#run(["preview", "--json"], {
      signal,
      env: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" },
    });
    signal?.throwIfAborted();
    const json = parsePreview(stdout);
    if (code === 0 && json !== undefined) return (json.steps ?? []) as PlannedStep[];
    const { reason, next } = failureOf(json, stderr);
    throw new OperationFailed(reason, next, stdout + stderr);
  }

  /** The state, with its secrets encrypted. */
  async exportState(): Promise<ExportedState> {
    return await this.stack.exportStack();
  }

  /** Puts a state in the place of the stack's. It goes through stdin: the Automation API's own way leads through a file. */
  async importState(state: ExportedState): Promise<void> {
    await this.#must(["stack", "import"], JSON.stringify(state));
  }

  /** Sets a plain value in the stack's file. */
  async setConfig(key: string, value: PlainValue): Promise<void> {
    await this.#must(["config", "set", "--plaintext", "--", key, String(value)]);
  }

  /**
   * Encrypts a value into the stack's file; a key with a dot is a value of a map. It goes through stdin: the Automation API's own setConfig
   * makes it an argument, which every user of the machine can read in the process list.
   */
  async setSecret(key: string, value: string): Promise<void> {
    if (value === "") throw new Error(`The secret ${key} is empty`);
    const path = key.includes(".") ? ["--path"] : [];
    await this.#must(["config", "set", ...path, "--secret", key], value);
  }

  /** Removes a value from the stack's file. */
  async removeConfig(key: string): Promise<void> {
    await this.#must(["config", "rm", key]);
  }

  async #operation(
    onEvent: OperationOptions["onEvent"],
    run: (handle: (event: EngineEvent) => void) => Promise<unknown>,
  ): Promise<void> {
    const diagnostics = new Diagnostics();
    try {
      await withoutQuestions(this.stack.workspace.pulumiCommand, () =>
        run((event) => {
          diagnostics.take(event);
          onEvent?.(event);
        }),
      );
    } catch (error) {
      throw diagnostics.failed(error);
    }
  }

  async #review(args: string[], signal?: AbortSignal): Promise<Review> {
    const { code, stdout, stderr } = await this.#run(args, { signal });
    signal?.throwIfAborted();
    const json = parsePreview(stdout);
    const failed = code !== 0 || json === undefined;
    return reviewPreview(this.name, json ?? {}, failed ? failureOf(json, stderr) : undefined);
  }

  async #must(args: string[], input?: string): Promise<void> {
    const { code, stderr } = await this.#run(args, input === undefined ? {} : { input });
    if (code !== 0) throw new Error(stderr.trim().replace(/^error: /, ""));
  }

  /** The CLI itself, for what the Automation API does not do, or does in an unsafe way. */
  #run(
    args: string[],
    { env, ...options }: { input?: string; signal?: AbortSignal | undefined; env?: Environment },
  ): Promise<RunResult> {
    const [command = "", ...rest] = args;
    // Flags come before `--`, behind which everything is a value.
    const all = [command, "--stack", this.name, "--non-interactive", ...rest];
    return run(this.cli.file, all, {
      cwd: root,
      env: {
        ...this.environment,
        ...cliEnvironment(this.cli),
        ...env,
      },
      ...options,
      ownSession: true,
    });
  }
}
