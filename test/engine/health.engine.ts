import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { everything } from "./stacks";

/** A file without which the service answers and does not work. */
interface Loss {
  readonly service: string;
  readonly file: string;
  /** The container that writes the file. */
  readonly owner: string;
}

const LOSSES: readonly Loss[] = [
  { service: "lamb", owner: "lamb", file: "/data/lamb/lamb_v4.db" },
  { service: "lamb", owner: "openwebui", file: "/app/backend/data/webui.db" },
  { service: "kb", owner: "kb", file: "/app/backend/data/lamb-kb-server.db" },
  { service: "kb", owner: "kb", file: "/app/backend/data/chromadb/chroma.sqlite3" },
  { service: "openwebui", owner: "openwebui", file: "/app/backend/data/webui.db" },
  { service: "library-manager", owner: "library-manager", file: "/app/data/library-manager.db" },
];

describeWith("docker-engine", "the healthchecks", () => {
  let stack: Deployment;

  beforeAll(async () => {
    stack = await Deployment.create(everything);
    await stack.up();
  });
  afterAll(() => stack?.remove());

  it.each(LOSSES)("$service is not healthy without $file", async ({ service, owner, file }) => {
    const shell = (script: string) => stack.compose("exec", "--no-TTY", owner, "sh", "-ec", script);
    expect(await stack.probe(service)).toBe(0);
    await shell(`mv ${file} ${file}.aside && mkdir ${file}`);
    try {
      expect(await stack.probe(service)).not.toBe(0);
    } finally {
      await shell(`rmdir ${file} && mv ${file}.aside ${file}`);
    }
    expect(await stack.probe(service)).toBe(0);
  });
});
