import * as pulumi from "@pulumi/pulumi";
import type { LoaderSettings } from "../loaders/loader";

/** Plain values only: an unknown one would hide the name of the image in previews. */
export interface LoadInputs {
  /** `todo-backend:3f2a9c04d1e7`. */
  image: string;
  /** `linux/amd64`. */
  platform: string;
  /** Context of the kubeconfig. */
  kubeContext: string;
  loader: LoaderSettings;
}

/**
 * What Pulumi keeps in the state and evaluates in a process of its own to serve this resource. It
 * only points to the code in the project's folder, so that it is the same on every machine, holds no
 * value of the program, and needs no change when the code changes. Written as text because the SDK's
 * way (`dynamic.Resource` serialises a closure) loads the TypeScript compiler at every run.
 */
const PROVIDER = `exports.handler = () => {
  const project = require("node:module").createRequire(process.cwd() + "/package.json");
  const { require: load } = project("tsx/cjs/api");
  return load("./components/images/load-provider.ts", process.cwd() + "/package.json").provider;
};
`;

/** The image's presence in the cluster: looked for at every preview, made by a loader. */
export class Load extends pulumi.CustomResource {
  /** The loader that was used last. */
  readonly loader!: pulumi.Output<string>;
  /** UID of the cluster that the image was loaded into. */
  readonly clusterUid!: pulumi.Output<string>;
  /** How it got there, and how many bytes that took. */
  readonly path!: pulumi.Output<string>;
  readonly bytesSent!: pulumi.Output<number>;
  readonly digest!: pulumi.Output<string | undefined>;

  constructor(name: string, inputs: LoadInputs, opts?: pulumi.CustomResourceOptions) {
    super(
      "pulumi-nodejs:dynamic/image:Load",
      name,
      {
        image: inputs.image,
        platform: inputs.platform,
        kubeContext: inputs.kubeContext,
        // Under another name than the output that says which loader was used.
        settings: { ...inputs.loader },
        __provider: PROVIDER,
        loader: undefined,
        clusterUid: undefined,
        path: undefined,
        bytesSent: undefined,
        digest: undefined,
      },
      opts,
    );
  }
}
