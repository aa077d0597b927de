import { parseDotenv } from "../compose/dotenv/dotenv";
import type { EnvContract } from "../env/contract";
import { IDENTITY_HEADERS } from "../lamb/facts/identity";
import {
  GLOBAL_DEFAULT_MODEL_NAME,
  GLOBAL_DEFAULT_MODEL_PROVIDER,
  LAMB_WEB_HOST,
  OLLAMA_MODEL,
  OPENAI_API_KEY,
  OWI_ADMIN_EMAIL,
} from "../lamb/variables";
import { mapOf } from "../spec/value";
import { type DeploymentChoices, dashed } from "./choices";
import { PROXY_FOLDER } from "./deployment";
import { type ReadFiles, resolvedProject } from "./env/project";
import { likelyModel } from "./settings";

/** What somebody does with a deployment that was just made. */
export interface NextSteps {
  /** Where people open LAMB. `undefined` when Compose would refuse the files. */
  readonly address: string | undefined;
  /** Whose login it is. */
  readonly login: string | undefined;
  /** The command of ours that brings what runs to another release. @default - none: it is the release of before */
  readonly command: ReleaseCommand | undefined;
  /** What there is to do beside starting it. Each has words, and perhaps a command that does it. */
  readonly hints: readonly Hint[];
}

/** What brings a deployment to another release than before. */
export type ReleaseCommand = "upgrade" | "rollback" | "up";

export interface Hint {
  readonly what: string;
  /** Words of `docker compose` that do it. @default - none */
  readonly compose?: readonly string[] | undefined;
  /** Words of this command that do it, for the deployment. @default - none */
  readonly own?: readonly string[] | undefined;
}

/** What is known of a deployment that was just made. */
interface Made {
  readonly choices: DeploymentChoices;
  readonly contract: EnvContract;
  readonly value: (name: string) => string | undefined;
}

/** The certificate that browsers must trust where Caddy is its own authority. */
const ROOT = "/data/caddy/pki/authorities/local/root.crt";

/** What is to be known or done, where it is. */
const HINTS: readonly (readonly [holds: (made: Made) => boolean, hint: (made: Made) => Hint])[] = [
  [
    ({ choices: { tls, caddy } }) => tls === "internal" && caddy !== false,
    () => ({
      what: "browsers must trust Caddy's root certificate; once it runs, take it from",
      compose: ["cp", `caddy:${ROOT}`, "."],
    }),
  ],
  [
    ({ choices: { tls } }) => tls === "proxied",
    () => ({ what: `your proxy's settings are in ${PROXY_FOLDER}/: for nginx, Apache and Traefik` }),
  ],
  [
    ({ choices: { caddy } }) => caddy === false,
    () => ({
      what: `Open WebUI signs in the user that ${Object.values(IDENTITY_HEADERS).join(" and ")} name: a proxy of yours before it must drop both from outside; with --tls proxied Caddy does that`,
    }),
  ],
  [
    ({ choices: { tls = "acme", caddy, httpPort, httpsPort, acmeDirectory } }) =>
      caddy !== false && tls === "acme" && acmeDirectory === undefined && (httpPort ?? httpsPort) !== undefined,
    () => ({
      what: "Let's Encrypt comes to ports 80 and 443 of the host names: something must lead it from there to the ports that you chose",
    }),
  ],
  [
    ({ choices: { ownership } }) => ownership === true,
    () => ({ what: "ownership is for one start; when all is up", own: ["init", "--no-ownership"] }),
  ],
  [
    ({ choices: { ollama } }) => ollama === true,
    (made) => ({
      what: "Ollama has no model yet; once it runs, for example",
      compose: ["exec", "ollama", "ollama", "pull", modelOfOllama(made)],
    }),
  ],
  [
    ({ choices: { ollama }, value }) => ollama !== true && !value(OPENAI_API_KEY.name),
    () => ({ what: "models answer when they have a key", own: ["env", "set", OPENAI_API_KEY.name] }),
  ],
  [
    ({ value }) => !value(GLOBAL_DEFAULT_MODEL_NAME.name),
    ({ contract, choices }) => ({
      what: "assisted creation answers 503 until there is a default model, such as",
      own: ["init", `--${dashed("defaultModel")}`, likelyModel(contract, choices)],
    }),
  ],
];

/** The model of new assistants, where it is one of Ollama's; otherwise the one that Ollama is asked for. */
function modelOfOllama({ contract, choices, value }: Made): string {
  const chosen = [GLOBAL_DEFAULT_MODEL_PROVIDER, GLOBAL_DEFAULT_MODEL_NAME].map(({ name }) => value(name)).join("/");
  const likely = likelyModel(contract, choices);
  const provider = likely.slice(0, likely.indexOf("/") + 1);
  return value(OLLAMA_MODEL.name) ?? (chosen.startsWith(provider) ? chosen : likely).slice(provider.length);
}

/**
 * What comes after `init`.
 *
 * @param command what brings it to the release, where that is another one than before
 */
export function nextSteps(made: ReadFiles, choices: DeploymentChoices, command: ReleaseCommand | undefined): NextSteps {
  const { values } = parseDotenv(made.env.text ?? "");
  const { services } = resolvedProject(made, {})?.model ?? {};
  const { [LAMB_WEB_HOST.name]: address } = mapOf(mapOf(mapOf(services).lamb).environment);
  const known = { choices, contract: made.contract, value: (name: string) => values.get(name) };
  return {
    address: typeof address === "string" ? address : undefined,
    login: values.get(OWI_ADMIN_EMAIL.name),
    command,
    hints: HINTS.filter(([holds]) => holds(known)).map(([, hint]) => hint(known)),
  };
}
