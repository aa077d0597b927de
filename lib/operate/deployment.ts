import { App } from "../construct/app";
import { Artifact } from "../construct/artifact";
import type { ImageLock } from "../construct/image/lock";
import type { Synthesis } from "../construct/synth/synthesis";
import type { EnvContract } from "../env/contract";
import { BackendAlias } from "../lamb/backend-alias";
import { CaddyOverlay, type CaddyOverlayProps } from "../lamb/caddy-overlay";
import { GpuOverlay } from "../lamb/gpu-overlay";
import { LambStack } from "../lamb/lamb-stack";
import { Ollama } from "../lamb/ollama";
import { LambRelease } from "../lamb/release";
import { withRemovals } from "./env/read-contract";
import { OperateError } from "./error";

/** How TLS can be had. */
const TLS = {
  acme: undefined,
  internal: { kind: "internal" },
  certificate: { kind: "certificate" },
} as const satisfies Record<string, CaddyOverlayProps["tls"]>;

/** What an operator can choose of a deployment. What is not chosen is as the library has it. */
export interface DeploymentChoices {
  /** Release of LAMB, such as `0.6`, or its tag `v0.6`. @default - the newest that is out */
  readonly release?: string | undefined;
  /** Caddy, with TLS, before everything. @default true */
  readonly caddy?: boolean | undefined;
  /** Whose certificates. @default "acme" */
  readonly tls?: string | undefined;
  /** Language models on this host. @default false */
  readonly ollama?: boolean | undefined;
  /** LAMB's library of documents. @default - where the release has it */
  readonly library?: boolean | undefined;
  /** LAMB's name in the old stack. @default false */
  readonly alias?: boolean | undefined;
  /** NVIDIA GPUs for Ollama. @default false */
  readonly gpu?: boolean | undefined;
}

/** The file in which the choices are kept, so that the next run makes the same deployment. */
export const CHOICES_FILE = "lamb-init.json";

/** A deployment, ready to be written. */
export interface PlannedDeployment {
  readonly synthesis: Synthesis;
  readonly contract: EnvContract;
  /** Name of the template of the `.env`. */
  readonly template: string;
  /** Name of the project, as the files give it. */
  readonly projectName: string;
}

/**
 * The deployment that an operator chose, made by the constructs that programs use.
 *
 * @param lock the digests by which its images are named
 * @throws OperateError `unknown-choice`, `choices-disagree`
 * @throws ConstructError `unknown-release`
 * @throws SynthesisError
 */
export function planDeployment(choices: DeploymentChoices, lock?: ImageLock): PlannedDeployment {
  const { tls = "acme", caddy = true } = choices;
  const release = new LambRelease(versionIn(choices.release));
  refuse(choices, release);
  const app = new App();
  const stack = new LambStack(app, "next", { release, library: choices.library });
  if (choices.alias === true) new BackendAlias(stack.lamb);
  if (choices.ollama === true) new Ollama(stack);
  if (choices.gpu === true) new GpuOverlay(stack);
  if (caddy && isTls(tls)) new CaddyOverlay(stack, "prod", { tls: TLS[tls] });
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

/**
 * The choices of an earlier run, from the text of its file.
 *
 * @throws OperateError `bad-choices`
 */
export function choicesIn(text: string): DeploymentChoices {
  const found = parsed(text);
  const { madeBy, release, tls, ...flags } = found;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  const known: readonly string[] = FLAGS;
  const fine = Object.entries(flags).every(([name, value]) => known.includes(name) && typeof value === "boolean");
  if (!fine || !isText(release) || !isText(tls) || !isText(madeBy)) throw badChoices();
  const flag = (name: (typeof FLAGS)[number]) => (typeof flags[name] === "boolean" ? flags[name] : undefined);
  return {
    release: typeof release === "string" ? release : undefined,
    tls: typeof tls === "string" ? tls : undefined,
    caddy: flag("caddy"),
    ollama: flag("ollama"),
    library: flag("library"),
    alias: flag("alias"),
    gpu: flag("gpu"),
  };
}

/** Later choices over earlier ones. Who leaves out Caddy leaves out what was chosen for it. */
export function mergedChoices(earlier: DeploymentChoices, later: DeploymentChoices): DeploymentChoices {
  const chosen = Object.entries(later).filter(([, value]) => value !== undefined);
  const kept = later.caddy === false ? { ...earlier, tls: undefined } : earlier;
  return { ...kept, ...Object.fromEntries(chosen) };
}

/** The version that a release or its tag names. */
export function versionIn(release: string | undefined): string | undefined {
  return release?.replace(/^v(?=\d)/, "");
}

const FLAGS = ["caddy", "ollama", "library", "alias", "gpu"] as const;

function choicesText(choices: DeploymentChoices): string {
  const { release, tls } = choices;
  const flags = Object.fromEntries(FLAGS.map((name) => [name, choices[name]]));
  return `${JSON.stringify({ madeBy: "lamb-compose init", release: versionIn(release), tls, ...flags }, undefined, 2)}\n`;
}

function refuse({ tls, caddy, gpu, ollama, library }: DeploymentChoices, release: LambRelease): void {
  if (tls !== undefined && !isTls(tls)) {
    throw new OperateError({
      code: "unknown-choice",
      path: "--tls",
      reason: "is not a kind of TLS",
      fix: `use one of ${Object.keys(TLS).join(", ")}`,
    });
  }
  const disagree = (reason: string, fix: string) => new OperateError({ code: "choices-disagree", reason, fix });
  if (tls !== undefined && caddy === false) {
    throw disagree("--tls is for Caddy, and --no-caddy leaves it out", "leave out one of the two");
  }
  if (gpu === true && ollama !== true) {
    throw disagree("--gpu is for Ollama, which is not chosen", "add --ollama, or leave out --gpu");
  }
  if (library === true && !release.has("libraryManager")) {
    const later = LambRelease.versions.find((version) => new LambRelease(version).has("libraryManager"));
    throw disagree(`LAMB ${release.version} has no library manager`, `add --release ${later}, or leave out --library`);
  }
}

function isTls(name: string): name is keyof typeof TLS {
  return Object.hasOwn(TLS, name);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badChoices();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badChoices();
  return { ...value };
}

function badChoices(): OperateError {
  return new OperateError({
    code: "bad-choices",
    path: CHOICES_FILE,
    reason: "does not hold the choices of an earlier run",
    fix: "remove it, and give the choices again",
  });
}
