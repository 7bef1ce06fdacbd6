// Tries everything a client could try, with Google's library for testing security rules.
// node denials.mjs HOST:PORT PROJECT RULES-FILE prints one JSON object; what it means is decided elsewhere.
import { readFileSync } from "node:fs";
import { argv, exit, stdout } from "node:process";

import { initializeTestEnvironment } from "@firebase/rules-unit-testing";
import {
  addDoc,
  collection,
  collectionGroup,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  query,
  setDoc,
  setLogLevel,
  updateDoc,
  where,
} from "firebase/firestore";

const OWNER = "owner-uid";
const ORGANIZATION = "8d5f6c1e-93a4-5b59-8a38-2f4f3f0f6a11";
const OTHER = "0b0d7f2a-6f0e-5a55-9a5e-6f1d8f8a4c22";
const MADE = "4c7d8a90-5a3b-4c1e-8f5d-1b2c3d4e5f60";

// Claims that rules might be tempted to trust; the product itself trusts none of them.
const IDENTITIES = {
  nobody: null,
  guest: ["guest-uid", { firebase: { sign_in_provider: "anonymous" } }],
  unverified: ["unverified-uid", { email: "new@example.com", email_verified: false }],
  owner: [OWNER, { email: "owner@example.com", email_verified: true, org: ORGANIZATION }],
  colleague: ["colleague-uid", { email_verified: true, org: ORGANIZATION, tier: "PRO" }],
  stranger: ["stranger-uid", { email_verified: true, org: OTHER, tier: "PRO" }],
  administrator: ["admin-uid", { email_verified: true, role: "ADMIN", admin: true }],
  impostor: [
    "impostor-uid",
    { role: "ADMIN", org: ORGANIZATION, organization_id: ORGANIZATION, is_admin: true },
  ],
};

const tenant = (rest) => `organizations/${ORGANIZATION}/${rest}`;
const PATHS = [
  `users/${OWNER}`,
  `organizations/${ORGANIZATION}`,
  tenant(`members/${OWNER}`),
  tenant(`exercises/${MADE}`),
  tenant(`programs/${MADE}`),
  tenant("catalogue/exercises"),
  tenant("catalogue/programs"),
  tenant("invitations/0f3a"),
  tenant("settings/volume"),
  tenant(`programs/${MADE}/versions/1`),
  tenant(`programs/${MADE}/mesocycles/${MADE}`),
  tenant(`programs/${MADE}/catalogue/mesocycles`),
  `users/${OWNER}/settings/volume`,
  "exercises/bench-press",
  "program_templates/upper-lower",
  "catalogue/exercises",
  "catalogue/templates",
  "rate_limits/0f3a.29384",
  "idempotency/0f3a",
  `outbox/${MADE}`,
  `audit/${MADE}`,
  "tokens/0f3a",
  "subscriptions/12345",
  "webhook_events/0f3a",
  "stats/live",
  `deletions/${OWNER}`,
  `exports/${OWNER}`,
  `failed_tasks/${MADE}`,
  "jobs/snapshot-2026-03-02",
  "config/admins",
  "unknown/document",
  `users/${OWNER}/unknown/document`,
  tenant("unknown/a/deeper/b/deepest/c"),
];
const GROUPS = ["members", "exercises", "programs", "catalogue", "versions", "mesocycles", "unknown"];

const CONTENT = { owner: OWNER, organization_id: ORGANIZATION, name: "before" };
const OPERATIONS = {
  get: (store, path) => getDoc(doc(store, path)),
  list: (store, path) => getDocs(doc(store, path).parent),
  query: (store, path) => getDocs(query(doc(store, path).parent, where("owner", "==", OWNER))),
  create: (store, path) => addDoc(collection(store, doc(store, path).parent.path), CONTENT),
  set: (store, path) => setDoc(doc(store, path), CONTENT),
  update: (store, path) => updateDoc(doc(store, path), { name: "after" }),
  delete: (store, path) => deleteDoc(doc(store, path)),
};

const put = (environment, path) =>
  environment.withSecurityRulesDisabled((context) =>
    setDoc(doc(context.firestore(), path), CONTENT),
  );

async function outcome(attempt) {
  try {
    await attempt();
    return "allowed";
  } catch (error) {
    return error.code === "permission-denied" ? "denied" : `failed: ${error.code ?? error}`;
  }
}

async function attempts(environment, identity) {
  const given = IDENTITIES[identity];
  const context = given
    ? environment.authenticatedContext(...given)
    : environment.unauthenticatedContext();
  const store = context.firestore();
  const rows = [];
  for (const path of PATHS) {
    for (const [operation, run] of Object.entries(OPERATIONS)) {
      rows.push({ identity, path, operation, outcome: await outcome(() => run(store, path)) });
      // What a hole let through must not make the next attempt fail for another reason.
      if (operation === "delete" && rows.at(-1).outcome === "allowed") await put(environment, path);
    }
  }
  for (const group of GROUPS) {
    const found = await outcome(() =>
      getDocs(query(collectionGroup(store, group), where("owner", "==", OWNER))),
    );
    rows.push({ identity, path: `**/${group}`, operation: "collection group", outcome: found });
  }
  return rows;
}

setLogLevel("silent");
const [address, projectId, file] = argv.slice(2);
const [host, port] = address.split(":");
const environment = await initializeTestEnvironment({
  projectId,
  firestore: { host, port: Number(port), rules: readFileSync(file, "utf8") },
});
await environment.clearFirestore();
for (const path of PATHS) await put(environment, path);
// Something must be there, or a refusal would prove nothing.
const seeded = await Promise.all(
  PATHS.map(async (path) => {
    let there = false;
    await environment.withSecurityRulesDisabled(async (context) => {
      there = (await getDoc(doc(context.firestore(), path))).exists();
    });
    return there;
  }),
);
const rows = (
  await Promise.all(Object.keys(IDENTITIES).map((identity) => attempts(environment, identity)))
).flat();
const report = {
  identities: Object.keys(IDENTITIES),
  paths: PATHS,
  operations: Object.keys(OPERATIONS),
  seeded: seeded.filter(Boolean).length,
  attempts: rows,
};
await environment.cleanup();
// A pipe takes its time, and leaving at once would cut the report short.
stdout.write(JSON.stringify(report), () => exit(0));
