import { join } from "node:path";
import { App } from "../construct/app";
import { Artifact } from "../construct/artifact";
import { ConstructError } from "../construct/errors";
import type { ImageLock } from "../construct/image/lock";
import type { Synthesis } from "../construct/synth/synthesis";
import { readText } from "../disk/read-file";
import type { EnvContract } from "../env/contract";
import { BackendAlias } from "../lamb/backend-alias";
import { CaddyOverlay, type CaddyOverlayProps } from "../lamb/caddy-overlay";
import { MIB } from "../lamb/facts/sizes";
import { GpuOverlay } from "../lamb/gpu-overlay";
import { OwnershipOverlay } from "../lamb/images/ownership-overlay";
import { SealedOverlay } from "../lamb/images/sealed-overlay";
import { LambStack } from "../lamb/lamb-stack";
import { Ollama } from "../lamb/ollama";
import { OuterProxy } from "../lamb/outer-proxy";
import { LambRelease } from "../lamb/release";
import { objectIn } from "../spec/json";
import {
  areChoices,
  type ChoiceName,
  type DeploymentChoices,
  dashed,
  MOST_UPLOAD,
  refuseUseless,
  TLS,
  wordsOf,
} from "./choices";
import { withRemovals } from "./env/read-contract";
import { OperateError } from "./error";

/** The file in which the choices are kept, so that the next run makes the same deployment. */
export const CHOICES_FILE = "lamb-init.json";

/** The overlay in which an operator changes what the files say. Nobody generates it. */
export const OWN_FILE = "docker-compose.own.yaml";

/** Where the settings of a proxy before Caddy are. */
export const PROXY_FOLDER = "proxy";

/** A deployment, ready to be written. */
export interface PlannedDeployment {
  readonly synthesis: Synthesis;
  readonly contract: EnvContract;
  /** Name of the template of the `.env`. */
  readonly template: string;
  /** Name of the project, as the files give it. */
  readonly projectName: string;
}

/** The command that makes the files, for people who have no program. */
const COMMAND = "npx lamb-compose init";

/**
 * Where a file comes from, and where changes belong: at the top of each. The choices are not in it, because a change of one
 * would then change all files.
 */
const HEADER = `Made by \`${COMMAND}\` with the choices in ${CHOICES_FILE}. Do not edit: run it with other words, or put changes into ${OWN_FILE}, named last in COMPOSE_FILE.`;

/**
 * The deployment that an operator chose, made by the constructs that programs use.
 *
 * @param lock the digests by which its images are named
 * @throws OperateError `unknown-choice`, `choices-disagree`
 * @throws ConstructError `unknown-release`, `caddy-option`, `invalid-image`
 * @throws SynthesisError
 */
export function planDeployment(choices: DeploymentChoices, lock?: ImageLock): PlannedDeployment {
  try {
    return planned(choices, lock);
  } catch (error) {
    throw inWords(error);
  }
}

/** The choice that an error of a construct is about, by what the error names. */
const CHOICE_OF: Readonly<Record<string, ChoiceName>> = {
  "unknown-release": "release",
  "ports.http": "httpPort",
  "ports.https": "httpsPort",
  openWebUiPort: "openwebuiPort",
  "tls.trustedProxies": "trustedProxies",
  "tls.directory": "acmeDirectory",
  frameAncestors: "frames",
  "invalid-image": "registry",
  BackendAlias: "alias",
};

/** An error with the words of the command for the options that a program has. */
function inWords(error: unknown): unknown {
  if (!(error instanceof ConstructError)) return error;
  const { code, path = "", value, reason, fix } = error;
  const choice = CHOICE_OF[path.replace(/\[\d+\]$/, "")] ?? CHOICE_OF[code];
  if (choice === undefined) return error;
  return new OperateError({
    code,
    path: `--${dashed(choice)}`,
    reason,
    fix,
    ...(value === undefined ? {} : { value }),
  });
}

function planned(choices: DeploymentChoices, lock: ImageLock | undefined): PlannedDeployment {
  const { registry } = choices;
  const release = new LambRelease(versionIn(choices.release), { registry, registryOfOthers: registry });
  refuse(choices, release);
  const app = new App({ header: HEADER });
  const stack = new LambStack(app, "next", { release, library: choices.library });
  if (choices.alias === true) new BackendAlias(stack.lamb);
  if (choices.ollama === true) new Ollama(stack);
  if (choices.gpu === true) new GpuOverlay(stack);
  if (choices.caddy !== false) new CaddyOverlay(stack, "prod", faceOf(choices));
  if (choices.tls === "proxied") {
    new OuterProxy(stack, PROXY_FOLDER, { port: choices.httpPort, folder: PROXY_FOLDER });
  }
  if (choices.ownership === true) new OwnershipOverlay(stack);
  if (choices.sealed === true) new SealedOverlay(stack);
  new Artifact(app, "choices", { fileName: CHOICES_FILE, content: choicesText(choices) });
  const synthesis = app.synth({ lock }).assertValid();
  const { name } = stack.render().document;
  return {
    synthesis,
    contract: withRemovals(stack.env.contract(synthesis.context), synthesis.files),
    template: stack.env.fileName,
    projectName: typeof name === "string" ? name : "",
  };
}

/** The public face that was chosen. */
function faceOf(choices: DeploymentChoices): CaddyOverlayProps {
  const { httpPort, httpsPort, openwebuiPort, frames, maxUpload, mcp, oldLti } = choices;
  const hasPorts = httpPort !== undefined || httpsPort !== undefined;
  return {
    tls: tlsOf(choices),
    ports: hasPorts ? { http: httpPort, https: httpsPort } : undefined,
    openWebUiPort: openwebuiPort,
    site: {
      mcp,
      oldLti,
      frameAncestors: frames === undefined ? undefined : ["'self'", ...frames],
      // Room for the form around the file.
      maxBodyBytes: maxUpload === undefined ? undefined : (maxUpload + 1) * MIB,
    },
  };
}

function tlsOf({ tls, trustedProxies = [], acmeDirectory, acmeRoot }: DeploymentChoices): CaddyOverlayProps["tls"] {
  switch (tls) {
    case "internal":
    case "certificate":
      return { kind: tls };
    case "proxied":
      return { kind: "proxied", trustedProxies };
    default:
      return acmeDirectory === undefined && acmeRoot === undefined
        ? undefined
        : { kind: "acme", directory: acmeDirectory, ownRoot: acmeRoot };
  }
}

/**
 * The choices of an earlier run, from the text of its file.
 *
 * @throws OperateError `bad-choices`
 */
export function choicesIn(text: string): DeploymentChoices {
  const data = objectIn(text);
  if (data === undefined) throw badChoices();
  const { madeBy, ...choices } = data;
  if ((madeBy !== undefined && typeof madeBy !== "string") || !areChoices(choices)) throw badChoices();
  return choices;
}

/**
 * The choices of an earlier run in a directory.
 *
 * @returns `undefined` when there was none
 * @throws OperateError `bad-choices`; FileError
 */
export async function readChoices(dir: string): Promise<DeploymentChoices | undefined> {
  const text = await readText(join(dir, CHOICES_FILE));
  return text === undefined ? undefined : choicesIn(text);
}

/** The version that a release or its tag names. */
export function versionIn(release: string | undefined): string | undefined {
  return release?.replace(/^v(?=\d)/, "");
}

function choicesText(choices: DeploymentChoices): string {
  const all = { ...choices, release: versionIn(choices.release) };
  return `${JSON.stringify({ madeBy: [COMMAND, ...wordsOf(all)].join(" "), ...all }, undefined, 2)}\n`;
}

function refuse(choices: DeploymentChoices, release: LambRelease): void {
  const { tls, library, trustedProxies, maxUpload = 0 } = choices;
  const wrong = (code: string, path: string, reason: string, fix: string) =>
    new OperateError({ code, path, reason, fix });
  if (tls !== undefined && !Object.hasOwn(TLS, tls)) {
    throw wrong("unknown-choice", "--tls", "is not a kind of TLS", `use one of ${Object.keys(TLS).join(", ")}`);
  }
  refuseUseless(choices);
  if (tls === "proxied" && (trustedProxies ?? []).length === 0) {
    const reason = "needs the address of the proxy: only its headers say who asks, and over which scheme";
    const fix = "add --trusted-proxies with the proxy's address or range; private_ranges when it runs on this host";
    throw wrong("choices-disagree", "--tls proxied", reason, fix);
  }
  if (maxUpload > MOST_UPLOAD) {
    const reason = "is more than the services have room for while an upload arrives";
    throw wrong("unknown-choice", "--max-upload", reason, `give at most ${MOST_UPLOAD}`);
  }
  if (library === true && !release.has("libraryManager")) {
    const later = LambRelease.versions.find((version) => new LambRelease(version).has("libraryManager"));
    const reason = `is for a part that LAMB ${release.version} does not have`;
    throw wrong("choices-disagree", "--library", reason, `add --release ${later}, or leave out --library`);
  }
}

function badChoices(): OperateError {
  return new OperateError({
    code: "bad-choices",
    path: CHOICES_FILE,
    reason: "does not hold the choices of an earlier run",
    fix: "remove it, and give the choices again",
  });
}
