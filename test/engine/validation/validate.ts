import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { Deployment, type DeploymentProps } from "../deployment";
import { must } from "../run";
import { answers, base } from "../stacks";
import { buildersWhile, noFigures, round, secondsToComeBack, writtenBeside } from "./measure";
import { validationText } from "./report";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SERVICES = ["lamb", "kb", "openwebui"];
const ROUNDS = Number(process.env.VALIDATION_ROUNDS ?? 3);

/** A file of the shape that LAMB's own had, with the same three services. */
const shape: DeploymentProps = {
  write: async (directory) => {
    await copyFile(
      join(ROOT, "test/conformance/stacks/lamb-next/docker-compose.next.yaml"),
      join(directory, "compose.yaml"),
    );
    const without = `services:
  library-manager: !reset null
  kb: { volumes: !override [kb-data:/app/backend/data, kb-static:/app/backend/static] }
  openwebui: { volumes: !override [openwebui-data:/app/backend/data] }
  lamb: { env_file: [.env], depends_on: !override { kb: { condition: service_started }, openwebui: { condition: service_healthy } } }
`;
    await writeFile(join(directory, "compose.override.yaml"), without);
    await writeFile(join(directory, ".env.next.example"), "");
  },
  answers: {
    ...answers,
    ...{ OWI_PATH: "/data/openwebui", OWI_BASE_URL: "http://openwebui:8080", OWI_ADMIN_NAME: "Admin" },
    ...{ LAMB_WEB_HOST: "http://localhost:9099", LAMB_BACKEND_HOST: "http://localhost:9099" },
    ...{ OPENAI_BASE_URL: "http://localhost:1", OPENAI_MODEL: "none", OPENAI_API_KEY: "" },
    LAMB_API_KEY: answers.LAMB_KB_SERVER_TOKEN ?? "",
  },
};

describeWith("docker-engine", "validation", () => {
  const made: Deployment[] = [];
  afterAll(async () => {
    for (const one of made) await one.remove();
  });

  it("measures, and writes Documentation/validation.md", { timeout: 1_500_000 }, async () => {
    const load = loadavg()[0] ?? 0;
    const figures = { ours: noFigures(), shape: noFigures() };
    let builders: readonly string[] = [];
    let beside: readonly string[] = [];
    const back: Record<string, number> = {};
    for (let at = 0; at < ROUNDS; at++) {
      for (const [name, props] of [
        ["shape", shape],
        ["ours", base],
      ] as const) {
        const stack = await Deployment.create(props);
        made.push(stack);
        await round(stack, figures[name]);
        if (at === 0 && name === "ours") {
          beside = await writtenBeside(stack, SERVICES);
          for (const service of SERVICES) back[service] = await secondsToComeBack(stack, service);
          await stack.compose("down", "--volumes");
          builders = await buildersWhile(stack, stack.start());
        }
        await stack.remove();
      }
    }
    const engine = await must("docker", ["version", "--format", "{{.Server.Version}}"]);
    const compose = await must("docker", ["compose", "version", "--short"]);
    const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
    const machine = `${availableParallelism()} processors, ${memory}, Docker Engine ${engine.stdout.trim()}, Docker Compose ${compose.stdout.trim()}, load ${load.toFixed(1)} at the beginning`;
    const day = new Date().toISOString().slice(0, 10);
    await mkdir(join(ROOT, "Documentation"), { recursive: true });
    const measured = { day, machine, rounds: ROUNDS, ...figures, builders, beside, back };
    await writeFile(join(ROOT, "Documentation/validation.md"), validationText(measured));
    expect(builders).toEqual([]);
  });
});
