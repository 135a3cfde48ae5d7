/** `npm run render`: the stack's objects as files. */
import { delegate } from "./delegate";

export const command = delegate("render/main.ts");
