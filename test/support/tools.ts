import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { COMPOSE } from "./docker-compose";

/** A program outside of npm that some tests take as their judge. */
export type Tool = keyof typeof TOOLS;

interface Probe {
  /** A command that ends with 0 when the tool can be used. */
  readonly command: readonly [program: string, ...words: string[]];
  /** What to do when it cannot. */
  readonly remedy: string;
  /** An attempt to supply the tool; the command runs again after it. */
  readonly supply?: () => void;
  /** A judge of something small, which a machine need not have: without it tests are skipped where `CI` is set, too. */
  readonly extra?: boolean;
}

/** Says which Chromium there is: as Debian's package without a window, or one for people. */
export const CHROMIUM = "command -v chromium-headless-shell || command -v chromium || command -v google-chrome";

/** How each tool is found. A new tool is a new row. */
const TOOLS = {
  apache: { command: ["apache2", "-v"], remedy: "install apache2-bin" },
  caddy: { command: ["caddy", "version"], remedy: "install caddy" },
  chromium: { command: ["sh", "-c", CHROMIUM], remedy: "install chromium-headless-shell", extra: true },
  "docker-buildx": { command: ["docker", "buildx", "version"], remedy: "install Docker's buildx plugin" },
  "docker-compose": { command: ["docker", "compose", "version"], remedy: "install docker and its compose plugin" },
  "docker-engine": { command: ["docker", "info", "--format", "{{.ServerVersion}}"], remedy: "start a Docker Engine" },
  "docker-registry": { command: ["docker-registry", "--version"], remedy: "install docker-registry" },
  fish: { command: ["fish", "--version"], remedy: "install fish" },
  go: { command: ["go", "version"], remedy: "install go" },
  man: { command: ["man", "--version"], remedy: "install man-db" },
  nginx: { command: ["nginx", "-v"], remedy: "install nginx", extra: true },
  openssl: { command: ["openssl", "version"], remedy: "install openssl" },
  python: { command: ["python3", "--version"], remedy: "install python3" },
  "python-pip": {
    command: ["python3", "-c", "import tomllib, pip._vendor.packaging.requirements"],
    remedy: "install Python 3.11 with pip",
  },
  "python-yaml": {
    command: ["python3", "-c", "import yaml"],
    remedy: "install python3 with pip, or PyYAML",
    supply: installPyYaml,
  },
  restic: { command: ["restic", "version"], remedy: "install restic" },
  shellcheck: { command: ["shellcheck", "--version"], remedy: "install shellcheck" },
  sops: { command: ["sops", "--version", "--disable-version-check"], remedy: "install sops and age" },
  "systemd-analyze": { command: ["systemd-analyze", "--version"], remedy: "install systemd", extra: true },
  uv: { command: ["python3", "-m", "uv", "--version"], remedy: "python3 -m pip install uv" },
  zsh: { command: ["zsh", "--version"], remedy: "install zsh" },
} as const satisfies Record<string, Probe>;

/** Long enough for a cold start of any tool. */
const PROBE_TIMEOUT_MS = 60_000;

const answers = new Map<Tool, boolean>();

/** Whether a tool can be used here. Asked once for each test file. */
function hasTool(tool: Tool): boolean {
  let answer = answers.get(tool);
  if (answer === undefined) {
    const probe: Probe = TOOLS[tool];
    answer = works(probe);
    if (!answer && probe.supply !== undefined) {
      probe.supply();
      answer = works(probe);
    }
    answers.set(tool, answer);
  }
  return answer;
}

/**
 * A `describe` for tests that need a tool, or several. Without the tool the tests are skipped, and the name of the
 * group says what is missing; where `CI` is set they fail instead, because there every judge must have spoken.
 *
 * ```ts
 * describeWith("caddy", "the Caddyfile", () => {
 *   it("is valid", () => expect(run("caddy", ["validate", "--config", file]).status).toBe(0));
 * });
 * ```
 */
export function describeWith(tools: Tool | readonly Tool[], name: string, tests: () => void): void {
  const wanted: readonly Tool[] = typeof tools === "string" ? [tools] : tools;
  const missing = wanted.filter((tool) => !hasTool(tool));
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = missing.map((tool) => `${tool} is missing: ${TOOLS[tool].remedy}`).join("; ");
  if (isCi() && missing.some((tool) => !("extra" in TOOLS[tool]))) {
    describe(name, () => {
      it(`has its tools`, () => {
        throw new Error(reason);
      });
    });
    return;
  }
  console.warn(`skipped: ${name} (${reason})`);
  // The body is not run, not even to count its tests: it may ask the tool for what they have in common.
  describe.skip(`${name} (${reason})`, () => {
    it("needs its tools", () => {});
  });
}

/** Whether this is a run that must leave nothing out. */
export function isCi(): boolean {
  return (process.env.CI ?? "") !== "";
}

/** What a finished program left. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What {@link run} takes beside the command. */
export interface RunOptions {
  readonly cwd?: string;
  /** @default - nothing */
  readonly input?: string;
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAX_OUTPUT_BYTES = 512 * 2 ** 20;

/**
 * Runs a program to its end, whatever its exit status.
 *
 * @throws Error when the program cannot be started.
 */
export function run(program: string, words: readonly string[], options: RunOptions = {}): Run {
  const { cwd, input = "", env = {} } = options;
  const result = spawnSync(program, words, {
    ...(cwd === undefined ? {} : { cwd }),
    input,
    env: { ...process.env, ...pythonPath(), ...env },
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (result.error !== undefined) throw result.error;
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Runs `docker compose …` to its end, whatever its exit status. */
export function dockerCompose(words: readonly string[], options?: RunOptions): Run {
  const [program, ...first] = COMPOSE;
  return run(program, [...first, ...words], options);
}

function works(probe: Probe): boolean {
  const [program, ...words] = probe.command;
  const env = { ...process.env, ...pythonPath() };
  return spawnSync(program, words, { stdio: "ignore", timeout: PROBE_TIMEOUT_MS, env }).status === 0;
}

const PYYAML = "pyyaml==6.0.3";

/** Where PyYAML lies when python3 comes without it: shared by all tests of this machine. */
function pythonDirectory(): string {
  return join(tmpdir(), `lamb-compose-tests-${PYYAML.replace("==", "-")}`);
}

function pythonPath(): Record<string, string> {
  const directory = pythonDirectory();
  if (!existsSync(directory)) return {};
  const inherited = process.env.PYTHONPATH ?? "";
  return { PYTHONPATH: inherited === "" ? directory : `${directory}:${inherited}` };
}

/** Installs beside the place and renames, since test files run at the same time. */
function installPyYaml(): void {
  const beside = mkdtempSync(`${pythonDirectory()}-`);
  const { status } = spawnSync("python3", ["-m", "pip", "install", "--quiet", "--target", beside, PYYAML], {
    stdio: "ignore",
  });
  if (status === 0 && !existsSync(pythonDirectory())) {
    try {
      renameSync(beside, pythonDirectory());
      return;
    } catch (error) {
      if (!existsSync(pythonDirectory())) throw error;
    }
  }
  rmSync(beside, { recursive: true, force: true });
}
