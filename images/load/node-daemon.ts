import { inspectImage } from "../../tools/docker";
import { HostImageMissing } from "./host-image";
import type { Loader, LoadRequest, LoadResult } from "./loader";

/** The user's Docker is the node's own: an image is there as soon as it is built. */
export class NodeDaemon implements Loader {
  readonly name = "node";

  constructor(private readonly image: string) {}

  async missing(signal?: AbortSignal): Promise<string[]> {
    return (await inspectImage(this.image, signal)) ? [] : ["the node's Docker"];
  }

  present(): Promise<Pick<LoadResult, "path">> {
    return Promise.resolve({ path: "built-in-node" });
  }

  load(request: LoadRequest): Promise<Pick<LoadResult, "bytesSent" | "path">> {
    return Promise.reject(new HostImageMissing(request.image));
  }
}
