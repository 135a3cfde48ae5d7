import * as pulumi from "@pulumi/pulumi";
import type { ImageSource } from "../source";
import type { LoaderSettings } from "./loader";

/** Plain values only: an unknown one would hide the name of the image in previews. */
export interface LoadInputs {
  /** `todo-backend:3f2a9c04d1e7`. */
  image: string;
  /** `linux/amd64`. */
  platform: string;
  /** Context of the kubeconfig. */
  kubeContext: string;
  /** Not called `loader`: that is the output that says which one was used. */
  settings: LoaderSettings;
  /** What it is built from, to build it again when it is gone from the host too. */
  source: ImageSource;
}

/**
 * What Pulumi keeps in the state and evaluates in a process of its own to serve this resource. It
 * only points to the code in the project's folder, so that it is the same on every machine, holds no
 * value of the program, and needs no change when the code changes or moves. Written as text because the SDK's
 * way (`dynamic.Resource` serialises a closure) loads the TypeScript compiler at every run.
 */
const PROVIDER = `exports.handler = () => {
  const load = require("node:module").createRequire(process.cwd() + "/package.json");
  return load("./program/load.cjs").provider;
};
`;

/** The image's presence in the cluster: looked for at every preview, made by a loader. */
export class Load extends pulumi.CustomResource {
  /** The loader that was used last. */
  declare readonly loader: pulumi.Output<string>;
  /** UID of the cluster that the image was loaded into. */
  declare readonly clusterUid: pulumi.Output<string>;
  /** How it got there. */
  declare readonly path: pulumi.Output<string>;
  declare readonly bytesSent: pulumi.Output<number>;
  /** What brought it out of the user's Docker, where that was this program. */
  declare readonly export: pulumi.Output<string | undefined>;
  /** Digest of the manifest in the registry. */
  declare readonly digest: pulumi.Output<string | undefined>;

  constructor(name: string, inputs: LoadInputs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      loader: undefined,
      clusterUid: undefined,
      path: undefined,
      bytesSent: undefined,
      export: undefined,
      digest: undefined,
      tags: undefined,
    };
    const props = { ...inputs, ...outputs, __provider: PROVIDER };
    super("pulumi-nodejs:dynamic/image:Load", name, props, opts);
  }
}
