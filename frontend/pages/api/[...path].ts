import type { NextApiHandler } from "next";
import { forward } from "@/server/forward";
import { serve } from "@/server/serve";

/** Every method: which of them an address takes is said in forwarded-paths.ts. */
const handler: NextApiHandler = (incoming, outgoing) => serve(forward, incoming, outgoing);
export default handler;

// Bodies pass as they are, both ways, and as large as the forwarder allows.
export const config = { api: { bodyParser: false, responseLimit: false, externalResolver: true } };
