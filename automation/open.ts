/** Opens a stack of this project: finds the CLI, the backend and the passphrase as `npm start` does. */
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { installedPulumi, type PulumiCli } from "../tools/pulumi";
import { pulumiCommand } from "./pulumi-command";
import { stackExists } from "./state";
import {
  backendEnvironment,
  prepareBackend,
  usesOwnBackend,
  type Environment,
} from "./environment";
import { putFetchedOnPath } from "../tools/downloads";
import { root } from "../tools/paths";
import { TodoStack } from "./stack";

export interface OpenOptions {
  /** `dev`, `staging`, `prod`, …: there is a Pulumi.NAME.yaml, or `create` makes one. */
  stack: string;
  /** The CLI; by default the one on PATH, or the one that `npm start` has fetched. */
  pulumi?: PulumiCli;
  /**
   * Variables beside this process's own (`undefined` removes one): PULUMI_BACKEND_URL,
   * PULUMI_CONFIG_PASSPHRASE_FILE, KUBECONFIG, DOCKER_HOST. By default the backend and passphrase of
   * this clone for the stack `local`, and the user's own for every other stack.
   */
  environment?: Environment;
  /** Whether a stack that the backend does not have yet is made. Default: no, it is refused. */
  create?: boolean;
  /** How the stack's secrets are encrypted when it is made: `passphrase`, or the address of a key service. */
  secretsProvider?: string;
}

/** There is no Pulumi on this machine that is new enough. */
export class NoPulumiError extends Error {
  constructor() {
    super("There is no Pulumi CLI on this machine that this project can use (npm run doctor).");
  }
}

/**
 * Selects the stack, or with `create` makes it where the backend does not have it.
 * @throws NoPulumiError; the Automation API's CommandError for what the backend refuses, StackNotFoundError among them
 */
export async function openStack(options: OpenOptions): Promise<TodoStack> {
  const { stack: name, secretsProvider } = options;
  putFetchedOnPath(); // the loaders of images, in Pulumi's own processes, find kubectl there
  const cli = options.pulumi ?? (await installedPulumi());
  if (cli === undefined) throw new NoPulumiError();
  // The clone's own backend is made on first use, whoever comes first.
  if (options.environment === undefined && usesOwnBackend(name)) prepareBackend();
  const environment = options.environment ?? backendEnvironment(name);
  const where = { stackName: name, workDir: root };
  const workspace = {
    pulumiCommand: pulumiCommand(cli, environment),
    ...(secretsProvider === undefined ? {} : { secretsProvider }),
  };
  // Creating first and selecting after the refusal costs another start of the CLI.
  const exists = usesOwnBackend(name) && stackExists(name);
  const stack =
    exists || options.create !== true
      ? await LocalWorkspace.selectStack(where, workspace)
      : await LocalWorkspace.createOrSelectStack(where, workspace);
  return new TodoStack(name, stack, cli, environment);
}
