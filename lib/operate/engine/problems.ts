import { OperateError } from "../error";
import type { DockerAnswer } from "./docker";

/** A way in which `docker` fails, told from what it says. */
interface Failure {
  readonly code: string;
  readonly says: RegExp;
  readonly reason: string;
  readonly fix: string;
  /** Whether what Docker says can hold a value of the `.env`: then it is not shown. @default false */
  readonly private?: true;
}

/** The first that matches counts. The words are those of Docker 20 to 29 and Compose 2 to 5. */
const FAILURES: readonly Failure[] = [
  {
    code: "no-compose",
    says: /'compose' is not a docker command|unknown command: docker compose|unknown shorthand flag: '\w' in -\w\b/,
    reason: "Docker has no Compose plugin on this host",
    fix: "install it: docker-compose-plugin of Docker's packages, or docker-compose of Debian's",
  },
  {
    code: "no-deployment",
    says: /^no configuration file provided: not found/m,
    reason: "there are no Compose files in the directory",
    fix: "name the directory of the deployment with --dir, or run this in it",
  },
  {
    code: "bad-env",
    says: /^failed to read /m,
    reason: "Compose cannot read the .env",
    fix: "run `lamb-compose env check`, which says which line",
    private: true,
  },
  {
    code: "socket-permission",
    says: /permission denied while trying to connect/i,
    reason: "this user may not use the engine",
    fix: "run this as root, or add the user to the group docker and log in again",
  },
  {
    code: "unknown-context",
    says: /context not found|context "[^"]*" does not exist/i,
    reason: "there is no Docker context with the name that is in DOCKER_CONTEXT or in Docker's config.json",
    fix: "choose one with `docker context use`, or unset DOCKER_CONTEXT: `docker context ls` shows which there are",
  },
  {
    code: "no-engine",
    says: /cannot connect to the docker daemon|error during connect|failed to connect to the docker API|dial unix .*connect:/i,
    reason: "the engine does not answer",
    fix: "start it (`systemctl start docker`); where it runs on another host, correct DOCKER_HOST or the context",
  },
  {
    code: "disk-full",
    says: /no space left on device|disk quota exceeded/i,
    reason: "the disk is full",
    fix: "make room (`docker system df` shows what takes it), and run this again",
  },
  {
    code: "registry-denied",
    says: /pull access denied|unauthorized|authentication required|denied: /i,
    reason: "the registry does not allow this user to read an image",
    fix: "log in with `docker login`, or correct the name of the image",
  },
  {
    code: "unknown-image",
    says: /manifest unknown|manifest for \S+ not found|failed to resolve reference "[^"]*": [^:]*: not found|: not found$|repository does not exist/im,
    reason: "the registry does not have an image",
    fix: "correct the version; `lamb-compose lock --check` says which images the registries have",
  },
  {
    code: "registry-limit",
    says: /toomanyrequests|rate limit/i,
    reason: "the registry limits the number of requests",
    fix: "wait an hour, or log in with `docker login`, and run this again",
  },
  {
    code: "registry-away",
    says: /dial tcp|no such host|i\/o timeout|TLS handshake|connection re(?:fused|set)|unexpected EOF|failed to do request/i,
    reason: "a registry does not answer",
    fix: "check the network and the proxy settings of the engine, and run this again: what was pulled is kept",
  },
  {
    code: "port-taken",
    says: /port is already allocated|address already in use|failed to bind host port/i,
    reason: "another program has a port that the deployment publishes",
    fix: "run `lamb-compose doctor`, which says which program has it",
  },
];

const OTHER: Omit<Failure, "says"> = {
  code: "docker-failed",
  reason: "Docker failed",
  fix: "correct what Docker reports, and run this again",
};

/** Lines of what Docker said that are shown. */
const SHOWN_LINES = 6;

/** What became of a command that failed: which it was, what is wrong, and what Docker said. */
export function dockerProblem(words: readonly string[], answer: DockerAnswer, timeout: number): OperateError {
  const path = `docker ${commandOf(words)}`;
  if (answer.cut === "not-found") {
    const fix = "install Docker Engine, or put `docker` on the PATH";
    return new OperateError({ code: "no-docker", path, reason: "there is no command `docker` on this host", fix });
  }
  if (answer.cut === "timeout") {
    const reason = `did not end within ${timeout} seconds`;
    const fix = "check whether the engine is busy or hangs (`docker info`), and run this again";
    return new OperateError({ code: "docker-timeout", path, reason, fix });
  }
  if (answer.cut === "too-much") {
    const reason = "printed more than can be right";
    return new OperateError({
      code: "docker-answer",
      path,
      reason,
      fix: "run the command by hand to see what it says",
    });
  }
  const { code, reason, fix, private: isPrivate } = FAILURES.find(({ says }) => says.test(answer.stderr)) ?? OTHER;
  const said = isPrivate ? "" : lastLines(answer.stderr === "" ? answer.stdout : answer.stderr, SHOWN_LINES);
  return new OperateError({ code, path, reason: `${reason}${said === "" ? "" : `: ${said}`}`, fix });
}

/** The command without its options and what it is for: `compose up`. */
function commandOf(words: readonly string[]): string {
  const [first = "", second = ""] = words;
  return /^[a-z]+$/.test(second) ? `${first} ${second}` : first;
}

function lastLines(text: string, count: number): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "");
  return [...new Set(lines)].slice(-count).join("\n    ");
}
