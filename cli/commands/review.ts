/** `npm run review`: the steps of the pull request workflows (a preview's JSON → a review → the comment). */
import { delegate } from "./delegate";

export const command = delegate("review/main.ts");
