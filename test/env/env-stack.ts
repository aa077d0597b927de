import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { EnvVar, type EnvVarProps } from "../../lib/construct/env-var";
import { Overlay } from "../../lib/construct/overlay";
import { Service } from "../../lib/construct/service";
import type { EnvContract, RetiredVar } from "../../lib/env/contract";
import { EnvTemplate, type EnvTemplateProps } from "../../lib/env/template";
import { COMPOSE } from "../support/docker-compose";
import { type Run, run } from "../support/tools";

export const variables = {
  token: new EnvVar("TOKEN", {
    meaning: "key that both services share",
    required: true,
    secret: true,
    refused: ["t0p-s3cr3t"],
    formerNames: ["OLD_TOKEN", "OLDER_TOKEN"],
  }),
  mail: new EnvVar("MAIL", {
    meaning: "address of the operator",
    required: true,
    example: "it@campus.example",
    type: (z) => z.email(),
  }),
  port: new EnvVar("WEB_PORT", {
    meaning: "port on this host",
    default: 8080,
    group: "Ports",
    type: (z) => z.string().regex(/^\d+$/, "must be a port"),
  }),
  apiKey: new EnvVar("API_KEY", {
    meaning: "key of the provider, when it needs one",
    secret: true,
    formerNames: ["OLD_KEY"],
  }),
  prefix: new EnvVar("PREFIX", { meaning: "prefix of the tables", default: "app_", emptyIsValue: true }),
  host: new EnvVar("PUBLIC_HOST", {
    meaning: "name under which people come",
    required: true,
    example: "app.campus.example",
  }),
};

const { port } = variables;
const url = new EnvVar("URL", {
  meaning: "address for browsers",
  default: `http://localhost:${port}`,
  group: "Addresses",
  type: (z) => z.url(),
});

const retired: readonly RetiredVar[] = [
  { name: "DATA_PATH", reason: "the place of the data is fixed", harmlessValue: "/data" },
  { name: "OLD_HOST", reason: "it has another name", replacedBy: "PUBLIC_HOST" },
  { name: "PROJECT_PATH", reason: "nothing is mounted from a checkout" },
];

/** Two services and an overlay: every kind of variable there is. */
export class Stack {
  readonly app = new App();
  readonly base = new ComposeFile(this.app, "next", { name: "small", description: "A web site.\nWith a worker." });
  readonly web = new Service(this.base, "web", {
    image: "web:1",
    environment: {
      TOKEN: variables.token,
      MAIL: variables.mail,
      URL: url,
      KEY: variables.apiKey,
      PREFIX: variables.prefix,
    },
    ports: [`127.0.0.1:${port}:80`],
  });
  readonly worker = new Service(this.base, "worker", {
    image: "worker:1",
    profiles: ["work"],
    environment: { TOKEN: variables.token, TAG: "${TAG}" },
  });
  readonly overlay = new Overlay(this.base, "prod");
  readonly template: EnvTemplate;

  constructor(props: Partial<EnvTemplateProps> = {}) {
    this.overlay.change(this.web, { environment: { HOST: variables.host } });
    this.template = new EnvTemplate(this.base, "env", { fileName: ".env.next.example", retired, ...props });
  }

  get text(): string {
    return this.app.synth().files.get(this.template.fileName) ?? "";
  }

  get contract(): EnvContract {
    return this.template.contract(this.app.synth().context);
  }
}

type NamedProps = EnvVarProps & { readonly name: string };

/** A stack of one service that has just these variables, each under its own name. */
export function stackOf(...props: readonly NamedProps[]): {
  readonly app: App;
  readonly template: EnvTemplate;
} {
  const app = new App();
  const file = new ComposeFile(app, "one");
  const environment = Object.fromEntries(props.map(({ name, ...rest }) => [name, new EnvVar(name, rest)]));
  new Service(file, "web", { image: "web:1", environment });
  return { app, template: new EnvTemplate(file, "env", { fileName: ".env.example" }) };
}

export function contractOf(...props: readonly NamedProps[]): EnvContract {
  const { app, template } = stackOf(...props);
  return template.contract(app.synth().context);
}

/** The text with some variables filled in: those that stand there empty, and those that are commented out. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [name, value] of Object.entries(values)) {
    result = result.replace(new RegExp(`(^|\\n)(?:# )?${name}=[^\\n]*`), (_, start) => `${start}${name}=${value}`);
  }
  return result;
}

/** Only what Compose itself needs, so that no variable of the tests' own environment gets in. */
const BARE = ["PATH", "HOME", "DOCKER_CONFIG"];

/** `docker compose config` in a folder that has the app's files and a `.env`. */
export function compose(app: App, env: string, words: readonly string[] = ["--format", "json"]): Run {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-env-"));
  try {
    for (const [path, text] of app.synth().files) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, ".env"), env);
    const environment = BARE.flatMap((name) =>
      process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`],
    );
    return run("env", ["-i", ...environment, ...COMPOSE, "config", ...words], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `docker compose config --format json` says of a service's environment. Its doubled `$` are single again. */
export function environmentOf({ stdout }: Run, service: string): Record<string, string> {
  const model = JSON.parse(stdout);
  const entries = Object.entries(model.services[service].environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value ?? "").replaceAll("$$", "$")]));
}
