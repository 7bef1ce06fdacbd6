// Google's Auth emulator without the command line around it: node auth_emulator.js PORT PROJECT
//
// The emulator reads an API description of 80 paths and builds one validator per parameter of each,
// which takes ten seconds of processor time. Two shortcuts leave two of them; both, and the entry
// itself, lie inside the package, whose version is therefore exact.
"use strict";

const path = require("node:path");

const UNUSED_PATHS = /tenants|defaultSupportedIdp|inboundSaml|oauthIdp|mfa|passkey|recaptcha/i;
// Parameters that Google's services all have and that no client of ours sends.
const UNUSED_PARAMETERS =
  /access_token|alt|callback|fields|oauth_token|prettyPrint|quotaUser|upload|xgafv/;

function shorten() {
  const user = require.resolve("exegesis/lib/oas3/Schema/validators.js");
  const core = require.resolve("ajv/dist/core", { paths: [path.dirname(user)] });
  // Google's description is correct: no need to check its schemas against the meta-schema.
  require(core).default.prototype.validateSchema = () => true;

  const { paths } = require("firebase-tools/lib/emulator/auth/apiSpec").default;
  for (const [name, item] of Object.entries(paths)) {
    if (UNUSED_PATHS.test(name)) {
      delete paths[name];
    } else if (item.parameters) {
      item.parameters = item.parameters.filter(
        (parameter) => !UNUSED_PARAMETERS.test(parameter.$ref || parameter.name),
      );
    }
  }
}

async function main(port, project) {
  shorten();
  const { createApp } = require("firebase-tools/lib/emulator/auth/server");
  (await createApp(project)).listen(port, "127.0.0.1");
}

// Whatever fails ends the process: whoever started it then uses the package's command line.
main(Number(process.argv[2]), process.argv[3]);
