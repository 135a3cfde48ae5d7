/**
 * Where stacks last updated before version 2 look for the code that serves `Load`: their state names this file, until an
 * update writes program/load.cjs into it. Without it their `refresh` and `destroy` would fail.
 */
export { provider } from "../../images/load/provider";
