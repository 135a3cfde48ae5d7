"use strict";
/**
 * Serves the resource `Load` in a process of Pulumi's own. Every stack's state names this file, and `refresh` and `destroy`
 * use the state's words, not the program's: this name must never change. What it loads may move freely.
 */
require("./typescript.cjs");
exports.provider = require("../images/load/provider.ts").provider;
