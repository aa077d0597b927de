import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";
import { describeWith } from "../../support/tools";
import { Deployment, type DeploymentProps, LOCAL_REGISTRY } from "../deployment";
import { Markers } from "../markers";
import { must } from "../run";
import { answers, base, fromRegistry, LAMB_HOST, prodFromRegistry } from "../stacks";
import {
  buildersWhile,
  derived,
  leftByStop,
  noFigures,
  round,
  SERVICES,
  secondsAfterEngine,
  secondsToComeBack,
  secondsToTell,
  writtenBeside,
} from "./measure";
import { replacement } from "./replacement";
import { type Measured, validationText } from "./report";
import { upgraded } from "./upgrade";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ROUNDS = Number(process.env.VALIDATION_ROUNDS ?? 5);

/** A file of the shape that LAMB's own had, with the same three services. */
const shape: DeploymentProps = {
  write: async (directory) => {
    const file = await readFile(join(ROOT, "test/conformance/stacks/lamb-next/docker-compose.next.yaml"), "utf8");
    const ofRegistry = file.replaceAll(
      /registry\.example\/(\S+):edge/g,
      `${LOCAL_REGISTRY}/earlier/$1:\${LAMB_VERSION:-edge}`,
    );
    await writeFile(join(directory, "compose.yaml"), ofRegistry);
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

const BOTH = { shape, ours: base };
const AT_LAMB = { port: 9099, path: "/status" };
const THROUGH_CADDY = { port: 443, path: "/status", host: LAMB_HOST };

describeWith("docker-engine", "validation", () => {
  it("measures, and writes Documentation/validation.md", { timeout: 1_500_000 }, async () => {
    const load = loadavg()[0] ?? 0;
    const page: Measured = {
      day: new Date().toISOString().slice(0, 10),
      machine: await machine(load),
      rounds: ROUNDS,
      ...(await lives()),
      ...(await ourLife()),
      told: { ours: await told("ours"), shape: await told("shape") },
      upgrades: await upgrades(),
      replaced: (await replacement()).changes,
    };
    await mkdir(join(ROOT, "Documentation"), { recursive: true });
    await writeFile(join(ROOT, "Documentation/validation.md"), validationText(page));
    expect({ builders: page.builders, stopped: page.stopped, lost: Object.values(page.lost).flat() }).toEqual({
      builders: [],
      stopped: [],
      lost: [],
    });
  });
});

/** Rounds of both in turn, so that what else the machine does meets both. */
async function lives(): Promise<Pick<Measured, "figures">> {
  const figures = { ours: noFigures(), shape: noFigures() };
  for (let at = 0; at < ROUNDS; at++) {
    for (const name of ["shape", "ours"] as const) {
      await using(BOTH[name], (stack) => round(stack, figures[name]));
    }
  }
  return { figures };
}

/** What is asked of the generated file alone. */
function ourLife(): Promise<Pick<Measured, "builders" | "beside" | "stopped" | "back" | "engine" | "lost">> {
  return using(base, async (stack) => {
    const builders = await buildersWhile(stack, stack.up());
    const beside = await writtenBeside(stack, SERVICES);
    const markers = new Markers(stack, SERVICES);
    await markers.write();
    const lost: Record<string, readonly string[]> = {};
    const back: Record<string, number> = {};
    for (const service of SERVICES) back[service] = await secondsToComeBack(stack, service);
    lost["the process of each service was killed"] = await markers.lost();
    const stopped = await leftByStop(stack, SERVICES);
    lost["`stop` and `up`"] = await markers.lost();
    await stack.compose("down");
    await stack.start();
    lost["`down` and `up`"] = await markers.lost();
    await stack.start("--force-recreate");
    lost["`up --force-recreate`"] = await markers.lost();
    const engine = await secondsAfterEngine(stack, SERVICES);
    lost["a restart of the engine"] = await markers.lost();
    return { builders, beside, stopped, back, engine, lost };
  });
}

/** Seconds until a start with an Open WebUI that ends at once is said to have failed. */
async function told(name: keyof typeof BOTH): Promise<number> {
  const ending = await derived(standIns().openwebui ?? "", { entrypoint: ["sh", "-c", "exit 1"] });
  try {
    return await using({ ...BOTH[name], images: { openwebui: ending } }, secondsToTell);
  } finally {
    await must("docker", ["image", "rm", "--force", ending]);
  }
}

async function upgrades(): Promise<Measured["upgrades"]> {
  return {
    shape: await upgraded(shape, standIns(), AT_LAMB),
    ours: await upgraded(fromRegistry, standIns(), AT_LAMB),
    caddy: await upgraded(prodFromRegistry, standIns(), THROUGH_CADDY),
  };
}

function standIns(): Readonly<Record<string, string>> {
  return inject("standIns") ?? {};
}

async function using<T>(props: DeploymentProps, what: (stack: Deployment) => Promise<T>): Promise<T> {
  const stack = await Deployment.create(props);
  try {
    return await what(stack);
  } finally {
    await stack.remove();
  }
}

async function machine(load: number): Promise<string> {
  const engine = await must("docker", ["version", "--format", "{{.Server.Version}}"]);
  const compose = await must("docker", ["compose", "version", "--short"]);
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  return `${availableParallelism()} processors, ${memory}, Docker Engine ${engine.stdout.trim()}, Docker Compose ${compose.stdout.trim()}, load ${load.toFixed(1)} at the beginning`;
}
