/**
 * Writes `files/`: `npm run fixtures:build -w test-fixtures`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { buildFixtureSet, writeFixtureSet } from "./world/fixture-set.ts";
import { openKeyRing } from "./world/key-ring.ts";

const directory = fileURLToPath(new URL("../files/", import.meta.url));
const keys = openKeyRing(fileURLToPath(new URL("../files/keys/", import.meta.url)));
const files = buildFixtureSet(keys.key);
writeFixtureSet(files, directory);
keys.prune();
for (const [name, content] of files) console.log(`${String(content.length).padStart(8)}  ${name}`);
