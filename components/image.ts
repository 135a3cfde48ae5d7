import { Image as DockerImage } from "@pulumi/docker/image"; // the index loads the whole SDK
import { BuilderVersion } from "@pulumi/docker/types/enums";
import * as pulumi from "@pulumi/pulumi";
import { Load } from "../images/load/resource";
import type { ImageSource } from "../images/source";
import { buildBefore, type BuildSecrets } from "../images/build-before";
import { showStepOutput } from "../images/step-output";
import { type Stage, stage } from "../images/stage";
import type { LoaderSettings } from "../images/load/loader";

export interface ImageArgs extends ImageSource {
  /** How the image gets into the cluster. */
  loader: LoaderSettings;
  /** Context of the kubeconfig: the cluster that the image is loaded into. */
  kubeContext: string;
  /** Values of the secrets that the build's steps mount. */
  secretValues?: BuildSecrets;
}

/**
 * An image of the application: named by its content, built by the Docker provider, and present in
 * the cluster when `loaded` is done.
 */
export class Image extends pulumi.ComponentResource {
  /**
   * Name with content tag, `todo-backend:3f2a9c04d1e7`. A plain string, not an output: previews show
   * it exactly, and pods are rolled when and only when the content changes.
   */
  readonly reference: string;
  /** Whatever runs the image depends on this. */
  readonly loaded: pulumi.Resource;
  /** The reference, and in a registry the digest of what was pushed: `…:3f2a9c04d1e7@sha256:…`. */
  readonly pinned: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-app:image:Image", name, {}, opts);
    const staged = stageOrExplain(args);
    this.reference = staged.reference;

    const { provider } = staged;
    const before = buildBefore(name, sourceOf(args), {
      isHandOver: provider.isHandOver,
      secrets: args.secretValues,
    });
    const built = new DockerImage(
      name,
      {
        imageName: staged.reference,
        build: {
          context: provider.context,
          dockerfile: provider.dockerfile,
          target: provider.target,
          args: provider.args,
          platform: args.platform,
          builderVersion: BuilderVersion.BuilderBuildKit,
        },
        skipPush: true, // bringing it anywhere is the loader's job
      },
      {
        parent: this,
        hooks: {
          beforeCreate: [before],
          beforeUpdate: [before],
          onError: [showStepOutput(name, sourceOf(args), args.secretValues)],
        },
      },
    );

    const load = new Load(
      name,
      {
        image: staged.reference,
        platform: args.platform,
        kubeContext: args.kubeContext,
        settings: args.loader,
        source: sourceOf(args),
      },
      { parent: this, dependsOn: built },
    );
    this.loaded = load;
    this.pinned =
      args.loader.kind === "registry"
        ? load.digest.apply((digest) => (digest ? `${this.reference}@${digest}` : this.reference))
        : pulumi.output(this.reference);
    this.registerOutputs({ pinned: this.pinned });
  }
}

/** Without what is about the cluster, and without secrets: it is an input, and so in the state. */
function sourceOf(args: ImageArgs): ImageSource {
  const { loader: _, kubeContext: __, secretValues: ___, ...source } = args;
  return source;
}

/** Mistakes in the configuration reach the user as a message, without a stack trace. */
function stageOrExplain(source: ImageSource): Stage {
  try {
    return stage(source);
  } catch (error) {
    throw error instanceof Error ? new pulumi.RunError(error.message) : error;
  }
}
