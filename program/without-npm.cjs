"use strict";
/**
 * Keeps npm's resolver out of processes that load Pulumi's SDK: nearly 500 modules with sigstore and parsers of styles,
 * 0.23 of the 0.5 seconds of CPU that loading the SDK costs (measured with @pulumi/pulumi 3.259). The SDK needs it for
 * functions that it uploads with the packages that they use. Where it is asked for after all, it is loaded then.
 */
const path = require("node:path");

function resolver() {
  try {
    const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
    return require.resolve("@npmcli/arborist", { paths: [sdk] });
  } catch {
    return undefined; // another version of the SDK may do without
  }
}

const file = resolver();
if (file !== undefined && !(file in require.cache)) {
  const later = new (require("node:module").Module)(file);
  later.filename = file;
  later.loaded = true;
  later.exports = {
    __esModule: true, // or the SDK's compiled import copies its values, and so asks for them at once
    get Arborist() {
      if (require.cache[file] === later) delete require.cache[file];
      return require(file).Arborist;
    },
  };
  require.cache[file] = later;
}
