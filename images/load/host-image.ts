import { type HostImage, inspectImage } from "../../tools/docker";
import type { LoadRequest } from "./loader";

/** The image is not in the user's Docker, though the program's state may say that it was built. */
export class HostImageMissing extends Error {
  override name = "HostImageMissing";
  constructor(image: string) {
    super(`The image ${image} is not in this machine's Docker, so it cannot be loaded.`);
  }
}

/**
 * The image as it is in the user's Docker.
 * @throws HostImageMissing, or Error when it was built for another platform
 */
export async function hostImage(request: LoadRequest): Promise<HostImage> {
  const found = await inspectImage(request.image, request.signal);
  if (!found) throw new HostImageMissing(request.image);
  const wanted = request.platform.split("/").slice(0, 2).join("/"); // without a variant, as in arm64/v8
  if (found.platform !== wanted) {
    throw new Error(
      `The image ${request.image} in this machine's Docker is for ${found.platform}, but ` +
        `${request.platform} is wanted. Remove it (docker image rm ${request.image}) and build again.`,
    );
  }
  return found;
}
