/** `npm run bench`: how long updates take, beside the same steps by hand. */
import { delegate } from "./delegate";

export const command = delegate("bench/main.ts");
