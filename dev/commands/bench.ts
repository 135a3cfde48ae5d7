/** `npm run bench`: how long updates take, beside the same steps by hand. */
import { delegate } from "../../cli/commands/delegate";

export const command = delegate("dev/bench/main.ts");
