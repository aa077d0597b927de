import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Answer, type Case, commandLine } from "../case";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** Stack, which is also its folder's name → how Compose is asked about it. */
const QUESTIONS: Readonly<Record<string, Omit<Case, "name" | "files"> & { readonly use: readonly string[] }>> = {
  "lamb-next": {
    use: ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"],
    env: { OWI_PATH: "/data/openwebui", LAMB_BEARER_TOKEN: "t$1", LAMB_PUBLIC_HOST: "lamb.uni.example" },
  },
  "lamb-legacy": {
    use: ["docker-compose.yaml"],
    env: { COMPOSE_PROJECT_NAME: "dev" },
  },
  wordpress: { use: ["compose.yaml"], env: { DB_PASSWORD: "a b'c" }, profiles: ["tools"] },
  nextcloud: { use: ["docker-compose.yml"], env: { REDIS_PASSWORD: "r", DB_PASSWORD: "d" } },
  gitlab: { use: ["docker-compose.yaml"], env: { FORGE_HOME: "./srv" } },
  mastodon: { use: ["docker-compose.yaml"] },
  monitoring: { use: ["docker-compose.yaml"], env: { EXTERNAL_URL: "watch.example.org" } },
  elastic: { use: ["docker-compose.yml"], env: { ELASTIC_PASSWORD: "e", MEM_LIMIT: "2g" } },
  kafka: { use: ["docker-compose.yaml"], profiles: ["schema", "ui"] },
  traefik: { use: ["compose.yaml", "compose.tls.yaml"], env: { DOMAIN: "example.org", CF_API_TOKEN: "c" } },
  supabase: { use: ["docker-compose.yml"], envFiles: ["stack.env"] },
  django: { use: ["docker-compose.yml"], env: { DB_PASSWORD: "p", HTTP_PROXY: "http://proxy:3128" } },
};

/** What `answer.json` of a stack's folder holds. */
interface RecordedStack {
  readonly compose: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The words that were run in the stack's folder. */
  readonly command: string;
  readonly answer: Answer;
}

const ANSWER = "answer.json";

export type Stack = Case & { readonly use: readonly string[] };

/** The stacks as questions: every file of the folder is part of it. */
export function stacks(): readonly Stack[] {
  return Object.entries(QUESTIONS).map(([name, question]) => {
    const folder = `${FOLDER}${name}`;
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, `${entry.parentPath}/${entry.name}`))
      .filter((path) => path !== ANSWER)
      .sort();
    const files = Object.fromEntries(paths.map((path) => [path, readFileSync(`${folder}/${path}`, "utf8")]));
    return { name, files, ...question };
  });
}

export function answerPath({ name }: Case): string {
  return `${FOLDER}${name}/${ANSWER}`;
}

/** How Compose is asked, as a person would type it. */
export function command(stack: Stack): string {
  return ["docker compose", ...commandLine(stack)].join(" ");
}

export function recordedAnswer(stack: Stack): RecordedStack {
  return JSON.parse(readFileSync(answerPath(stack), "utf8"));
}

/** Every folder beside this file. */
export function folders(): readonly string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
