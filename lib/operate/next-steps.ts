import { parseDotenv } from "../compose/dotenv/dotenv";
import { isMap } from "../construct/copy";
import { GLOBAL_DEFAULT_MODEL_NAME, LAMB_WEB_HOST, OPENAI_API_KEY, OWI_ADMIN_EMAIL } from "../lamb/variables";
import type { DeploymentChoices } from "./choices";
import { PROXY_FOLDER } from "./deployment";
import { type ReadFiles, resolvedProject } from "./env/project";

/** What somebody does with a deployment that was just made. */
export interface NextSteps {
  /** Where people open LAMB. `undefined` when Compose would refuse the files. */
  readonly address: string | undefined;
  /** Whose login it is. */
  readonly login: string | undefined;
  /** Whether another release is to run than before, which an upgrade does. */
  readonly isOtherRelease: boolean;
  /** What there is to do beside starting it. Each has words, and perhaps the words of `docker compose` that do it. */
  readonly hints: readonly Hint[];
}

export interface Hint {
  readonly what: string;
  readonly words?: readonly string[] | undefined;
}

/** The certificate that browsers must trust where Caddy is its own authority. */
const ROOT = "/data/caddy/pki/authorities/local/root.crt";

/** What is to be known or done, where it is. */
const HINTS: readonly (readonly [
  holds: (choices: DeploymentChoices, value: (name: string) => string | undefined) => boolean,
  hint: Hint,
])[] = [
  [
    ({ tls, caddy }) => tls === "internal" && caddy !== false,
    {
      what: "browsers must trust Caddy's root certificate; once it runs, take it from",
      words: ["cp", `caddy:${ROOT}`, "."],
    },
  ],
  [
    ({ tls }) => tls === "proxied",
    { what: `your proxy's settings are in ${PROXY_FOLDER}/: for nginx, Apache and Traefik` },
  ],
  [
    ({ caddy }) => caddy === false,
    {
      what: "Open WebUI trusts X-User-Email and signs in the user that it names: a proxy of yours before it must drop X-User-Email and X-User-Name from outside; with --tls proxied Caddy does that",
    },
  ],
  [
    ({ tls = "acme", caddy, httpPort, httpsPort, acmeDirectory }) =>
      caddy !== false && tls === "acme" && acmeDirectory === undefined && (httpPort ?? httpsPort) !== undefined,
    {
      what: "Let's Encrypt comes to ports 80 and 443 of the host names: something must lead it from there to the ports that you chose",
    },
  ],
  [
    ({ ownership }) => ownership === true,
    { what: "ownership is for one start: run `lamb-compose init --no-ownership` when all is up" },
  ],
  [
    ({ ollama }) => ollama === true,
    {
      what: "Ollama has no model yet; once it runs, for example",
      words: ["exec", "ollama", "ollama", "pull", "llama3.1"],
    },
  ],
  [
    ({ ollama }, value) => ollama !== true && !value(OPENAI_API_KEY.name),
    { what: `models answer when they have a key: \`lamb-compose env set ${OPENAI_API_KEY.name}\`` },
  ],
  [
    (_, value) => !value(GLOBAL_DEFAULT_MODEL_NAME.name),
    {
      what: "assisted creation answers 503 until there is a default model: `lamb-compose init --default-model openai/gpt-5-mini`",
    },
  ],
];

/**
 * What comes after `init`.
 *
 * @param isOtherRelease whether the deployment had another release before
 */
export function nextSteps(made: ReadFiles, choices: DeploymentChoices, isOtherRelease: boolean): NextSteps {
  const { values } = parseDotenv(made.env.text ?? "");
  const { model: { services } = {} } = resolvedProject(made, {}) ?? {};
  const lamb = isMap(services) && isMap(services.lamb) ? services.lamb.environment : undefined;
  const address = isMap(lamb) ? lamb[LAMB_WEB_HOST.name] : undefined;
  return {
    address: typeof address === "string" ? address : undefined,
    login: values.get(OWI_ADMIN_EMAIL.name),
    isOtherRelease,
    hints: HINTS.filter(([holds]) => holds(choices, (name) => values.get(name))).map(([, hint]) => hint),
  };
}
