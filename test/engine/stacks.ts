import { randomBytes } from "node:crypto";
import { App, BackendAlias, CaddyOverlay, LambRelease, LambStack, Ollama } from "lamb-compose";
import { type DeploymentProps, LOCAL_REGISTRY } from "./deployment";

const REGISTRY = `${LOCAL_REGISTRY}/lamb-project`;

/** Caddy signs the certificates of names under `.localhost` itself: no authority is asked. */
export const LAMB_HOST = "lamb.localhost";
export const OWI_HOST = "chat.localhost";
export const ADMIN = "admin@campus.test";

const SECRETS = [
  "LAMB_BEARER_TOKEN",
  "LAMB_JWT_SECRET",
  "LAMB_KB_SERVER_TOKEN",
  "LAMB_LIBRARY_TOKEN",
  "LTI_SECRET",
  "OWI_ADMIN_PASSWORD",
  "SIGNUP_SECRET_KEY",
  "WEBUI_SECRET_KEY",
];

/** What an operator writes into `.env`, and nothing that has a default. */
export const answers: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SECRETS.map((name) => [name, randomBytes(16).toString("hex")])),
  LAMB_MOODLE_ENCRYPTION_KEY: `${randomBytes(32).toString("base64url")}=`,
  OWI_ADMIN_EMAIL: ADMIN,
};

/** What the public face asks beside that. */
export const publicAnswers: Readonly<Record<string, string>> = {
  LAMB_PUBLIC_HOST: LAMB_HOST,
  OWI_PUBLIC_HOST: OWI_HOST,
  CADDY_EMAIL: ADMIN,
};

/** `docker-compose.next.yaml` alone. */
export const base: DeploymentProps = {
  write: (directory) => {
    const app = new App();
    new BackendAlias(new LambStack(app, "next").lamb);
    return app.synth().write(directory);
  },
  answers,
};

/** The base behind Caddy. */
export const prod: DeploymentProps = {
  write: (directory) => {
    const app = new App();
    const stack = new LambStack(app, "next");
    new BackendAlias(stack.lamb);
    new CaddyOverlay(stack, "prod");
    return app.synth().write(directory);
  },
  answers: { ...answers, ...publicAnswers },
};

/** All that can be added to the base: the next release's library manager, and models on this host. */
export const everything: DeploymentProps = {
  write: (directory) => {
    const app = new App();
    const stack = new LambStack(app, "next", { release: new LambRelease("0.7") });
    new Ollama(stack);
    return app.synth().write(directory);
  },
  answers,
};

/** The base from a registry, in the version that the operator's `.env` names. */
export const fromRegistry: DeploymentProps = {
  write: (directory) => {
    const app = new App();
    registryStack(app);
    return app.synth().write(directory);
  },
  answers,
};

/** The same behind Caddy. */
export const prodFromRegistry: DeploymentProps = {
  write: (directory) => {
    const app = new App();
    new CaddyOverlay(registryStack(app), "prod");
    return app.synth().write(directory);
  },
  answers: prod.answers,
};

function registryStack(app: App): LambStack {
  return new LambStack(app, "next", { release: new LambRelease("0.6", { registry: REGISTRY }) });
}
