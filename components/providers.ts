// Single files: the packages' indexes load every resource there is, half a second of it.
import { Provider as DockerProvider } from "@pulumi/docker/provider";
import {
  Provider as KubernetesProvider,
  type ProviderArgs as KubernetesProviderArgs,
} from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

export interface ProvidersArgs {
  /** Context of the kubeconfig to deploy to. Required, so that nobody deploys to whatever is current. */
  kubeContext: string;
}

/**
 * The two providers with everything that must not be left to the machine. What one machine has (a
 * kubeconfig's place, a daemon's address) never gets into the stack's state: the previews of one
 * commit would differ between machines, and a refresh would use the stale value. Both providers read
 * KUBECONFIG and DOCKER_HOST themselves when they connect.
 */
export class Providers {
  /** Context of the kubeconfig, for what kubectl does beside the engine. */
  readonly kubeContext: string;
  readonly docker: DockerProvider;
  readonly kubernetes: KubernetesProvider;
  /** Serves `Load`. Named here, so that its process starts with the others instead of after a build. */
  readonly load: pulumi.ProviderResource;
  readonly #upserting: () => KubernetesProvider;
  #kept: KubernetesProvider | undefined;

  constructor(args: ProvidersArgs, opts: pulumi.ResourceOptions = {}) {
    this.kubeContext = args.kubeContext;
    this.docker = new DockerProvider(
      "docker",
      {},
      pulumi.mergeOptions(opts, { transformations: [withoutDaemonAddress] }),
    );

    this.kubernetes = kubernetesProvider("kubernetes", args, {}, opts);
    this.#upserting = () =>
      kubernetesProvider("kubernetes-kept", args, { upsertExistingObjects: true }, opts);

    this.load = new LoadProvider("load", {}, opts);
  }

  /** For objects that outlive the key which asked for them: they may be there already when it asks again. */
  get kept(): KubernetesProvider {
    return (this.#kept ??= this.#upserting());
  }

  /** For every component. */
  get options(): pulumi.ComponentResourceOptions {
    return { providers: [this.docker, this.kubernetes, this.load] };
  }
}

function kubernetesProvider(
  name: string,
  { kubeContext }: ProvidersArgs,
  more: Pick<KubernetesProviderArgs, "upsertExistingObjects">,
  opts: pulumi.ResourceOptions,
): KubernetesProvider {
  return new KubernetesProvider(
    name,
    {
      context: kubeContext,
      // A Minikube's API port changes at every start. Without a name of our own the provider takes
      // it for another cluster and replaces every object, volumes included.
      clusterIdentifier: kubeContext,
      // Empty, not left out: the SDK would copy $KUBECONFIG into the state (pulumi-kubernetes #3846).
      kubeconfig: "",
      // A changed Secret or ConfigMap keeps its name and is updated in place; replaced, it would be
      // gone for a moment and pods that start in between would fail.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
      ...more,
    },
    // It stays what it was at first: a context may be renamed, and another identifier would mean another cluster, in which
    // every object is made anew. That it is the same cluster is for `Load` to see, by the cluster's own UID.
    pulumi.mergeOptions(opts, { ignoreChanges: ["clusterIdentifier"] }),
  );
}

/**
 * The SDK copies DOCKER_HOST into the inputs, and so into the state (pulumi-docker #1106). Left out, the provider looks for
 * the daemon itself: DOCKER_HOST, ssh, Docker Desktop's sockets. An empty one would switch that search off.
 */
const withoutDaemonAddress: pulumi.ResourceTransformation = ({ props, opts }) => {
  const { host: _, ...rest } = props as { host?: unknown };
  return { props: rest, opts };
};

/** The SDK's provider for resources whose behaviour is TypeScript of the program's own. */
class LoadProvider extends pulumi.ProviderResource {
  constructor(name: string, props: pulumi.Inputs, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, props, opts);
  }
}
