import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DISK } from "../../../lib/disk/compose-access";
import { type Cutover, cutover } from "../../../lib/operate/cutover/cutover";
import { initialize } from "../../../lib/operate/init";

const LEGACY = join(import.meta.dirname, "../../conformance/stacks/lamb-legacy");
const GIVEN = new Map([
  ["OWI_ADMIN_EMAIL", "it@uni-of-tests.eu"],
  ["LAMB_PUBLIC_HOST", "lamb.localhost"],
  ["OWI_PUBLIC_HOST", "chat.localhost"],
  ["CADDY_EMAIL", "it@uni-of-tests.eu"],
]);

/** What differs when what `init` makes takes the place of a file of the old stack's shape. */
export async function replacement(): Promise<Cutover> {
  const home = await mkdtemp(join(tmpdir(), "lamb-compose-replacement-"));
  try {
    const [old, next] = [join(home, "old"), join(home, "next")];
    await cp(LEGACY, old, { recursive: true });
    await writeFile(join(old, ".env"), "LAMB_PROJECT_PATH=${PWD}\n");
    await initialize({ dir: next, choices: {}, given: GIVEN });
    return await cutover({ from: [join(old, "docker-compose.yaml")], dir: next, environment: {}, access: DISK });
  } finally {
    await rm(home, { recursive: true });
  }
}
