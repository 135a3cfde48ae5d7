import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { DaemonClient } from "../../tools/docker-api";
import { cacheFolder } from "../../tools/paths";
import { writePrivately } from "../../tools/private-file";
import { openSession } from "../buildkit/session";
import { assemble, type PushedImage } from "./assemble";
import { failureIn, introduce } from "./introduce";
import { Receiver } from "./receiver";
import { type PushWish, Wanted } from "./wanted";

/** A daemon that cannot reach this machine's loopback says so at once, or a firewall swallows the question. */
const REACH_MS = 3000;
/** For taking a name away after a load was cancelled. */
const CLOSE_MS = 5000;
/** Once to see what there is, once for the config, once for layers; and once more after an introduction. */
const PUSHES = 4;
/** Below the ports of NodePort Services and those that systems give to whoever asks for any. */
const PORTS = { first: 20_000, count: 10_000 };
/** Compressed data may be a little larger than plain, and there are configs and manifests. */
const SLACK_BYTES = 64 * 1024 * 1024;
const TAG = "load";

/**
 * Lets Docker push an image to a receiver on this machine's loopback, which takes the layers that the nodes lack.
 * Docker asks for each layer by digest before it sends it, so that "what is missing?" costs milliseconds at any
 * size, where `docker save` writes all of it.
 *
 * The digests that Docker asks by are not those that nodes know: its own store compresses what it pushes. So every
 * question is first answered with "it is here"; the manifest and the config, which come last, tell which
 * layer each digest stands for; and what is needed after all is refused and comes with the next push.
 * What the result holds was compared by the digests of uncompressed layers, whatever was answered on the way.
 */
export class Push {
  private readonly repository = secretRepository();
  private wanted: Wanted | undefined;

  /**
   * @param place the same for every image of this name in this cluster: the port follows from it
   * @throws Error with the reason why Docker cannot push to this machine
   */
  static async open(image: string, place: string, signal: AbortSignal): Promise<Push> {
    const push = new Push(image, new DaemonClient(signal), signal);
    await push.prepare(place);
    return push;
  }

  private receiver: Receiver | undefined;

  private constructor(
    private readonly image: string,
    private readonly daemon: DaemonClient,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Error with the reason why it cannot be had in this way */
  async take(wish: PushWish): Promise<PushedImage> {
    const { receiver, name } = this.opened();
    receiver.limit = wish.host.size + SLACK_BYTES;
    const wanted = (this.wanted = new Wanted(wish.host, wish.held));
    const layers = wish.describe();
    layers.catch(() => undefined); // awaited when Docker is done
    for (let pushes = 0; pushes < PUSHES; pushes++) {
      wanted.startOver();
      receiver.manifests.clear();
      const pushed = await this.daemon.ask("POST", `/images/${name}/push?tag=${TAG}`, ANONYMOUS);
      this.signal.throwIfAborted();
      if (wanted.isExceeded) {
        const session = await openSession(this.signal);
        await introduce(this.daemon, receiver, name, wish, session.id).finally(session.close);
        continue;
      }
      const failure = failureIn(pushed.message);
      if (pushed.status !== 200 || failure !== undefined) {
        throw new Error(`docker push failed: ${failure ?? pushed.message}`);
      }
      const found = await assemble(this.image, wish, receiver, wanted, await layers);
      if (found !== undefined) return found;
    }
    throw new Error(`Docker did not send what was asked for in ${PUSHES} pushes`);
  }

  /** Takes away what was received, and the name that the image had for the push. */
  async close(): Promise<void> {
    if (this.receiver !== undefined) {
      const { name } = this.opened();
      // A cancelled load has lost its connection.
      const cancelled = this.signal.aborted;
      const daemon = cancelled ? new DaemonClient(AbortSignal.timeout(CLOSE_MS)) : this.daemon;
      // Only this name: the image keeps its own.
      await daemon.ask("DELETE", `/images/${name}:${TAG}?noprune=1`);
      daemon.close();
      await this.receiver.close();
    }
    this.daemon.close();
  }

  private async prepare(place: string): Promise<void> {
    try {
      const hash = createHash("sha256").update(place).digest().readUInt32BE();
      this.receiver = await Receiver.open({
        port: PORTS.first + (hash % PORTS.count),
        repository: this.repository,
        folder: (port) => path.join(cacheFolder(), "received", String(port)),
        claims: (digest) => this.wanted?.claims(digest) ?? false,
        admits: () => this.wanted?.admits() ?? false,
      });
      const { receiver, name } = this.opened();
      await requireReach(this.daemon, receiver, name);
      const query = new URLSearchParams({ repo: name, tag: TAG });
      const request = `/images/${encodeURI(this.image)}/tag?${query.toString()}`;
      const tagged = await this.daemon.ask("POST", request);
      if (tagged.status !== 201) throw new Error(`Docker could not tag it: ${tagged.message}`);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private opened(): { receiver: Receiver; name: string } {
    if (this.receiver === undefined) throw new Error("the receiver is not open");
    return { receiver: this.receiver, name: `${this.receiver.host}/${this.repository}` };
  }
}

/** The daemon logs in nowhere: the header is one that it insists on. */
const ANONYMOUS = { "X-Registry-Auth": Buffer.from("{}").toString("base64url") };

/**
 * Asks the daemon for something that only the receiver has. A daemon in a virtual machine (Docker Desktop) or on
 * another machine has a loopback of its own, where anybody may listen: nothing is pushed before this has arrived here.
 */
async function requireReach(daemon: DaemonClient, receiver: Receiver, name: string): Promise<void> {
  const asked = daemon.ask("GET", `/distribution/${name}:reach/json`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, REACH_MS)));
  await Promise.race([asked, late]);
  clearTimeout(timer);
  if (!receiver.wasReached) {
    throw new Error("Docker's daemon does not reach this machine's loopback");
  }
}

/** The same name at every load, since Docker remembers it; known to this user and to Docker alone. */
function secretRepository(): string {
  const file = path.join(cacheFolder(), "receiver-name");
  const read = (): string | undefined => {
    try {
      return /^todo-[0-9a-f]{32}$/.exec(fs.readFileSync(file, "utf8").trim())?.[0];
    } catch {
      return undefined;
    }
  };
  const known = read();
  if (known !== undefined) return known;
  writePrivately(file, `todo-${randomBytes(16).toString("hex")}\n`);
  return read() ?? `todo-${randomBytes(16).toString("hex")}`;
}
