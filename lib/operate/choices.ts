import { FORMER_LAMB } from "../lamb/facts/former-lamb";
import { LARGEST_UPLOAD, MIB } from "../lamb/facts/sizes";
import { OperateError } from "./error";

/** How a value is written: as a word of the command, and in the file that keeps it. */
interface Kinds {
  /** `--name` and `--no-name`. */
  readonly switch: boolean;
  readonly text: string;
  /** Words with commas between them. */
  readonly list: readonly string[];
  /** A whole number of at least 1. */
  readonly number: number;
  /** A registry and a folder in it; an address of it is one, too. */
  readonly registry: string;
  /** Origins with commas between them; an address of a page stands for its origin. */
  readonly origins: readonly string[];
}

/** One thing that can be chosen of a deployment. Its word in the command is its name with dashes. */
interface Choice {
  readonly kind: keyof Kinds;
  /** What stands behind the word: `<PORT>`. Nothing behind a switch. */
  readonly value?: string;
  readonly about: string;
  /** What holds when it is not chosen, in words. @default - not so */
  readonly otherwise?: string;
  /** What a new deployment is asked at a terminal. Few are: the rest is right for most. */
  readonly question?: string;
  /** What it is only for: the choice of another one. */
  readonly needs?: { readonly choice: string; readonly is: string | true; readonly fix: string };
}

/** MiB of one upload: services keep what arrives in a `/tmp` of 1 GiB. */
export const MOST_UPLOAD = 1000;

const WITH_CADDY = { choice: "caddy", is: true, fix: "leave out --no-caddy" } as const;
const PROXIED = { choice: "tls", is: "proxied", fix: "add --tls proxied" } as const;
const ACME = { choice: "tls", is: "acme", fix: "add --tls acme" } as const;

/** How TLS can be had, each with its question. */
export const TLS = {
  acme: "Let's Encrypt, or another authority that speaks ACME: ports 80 and 443 are open to it",
  internal: "Caddy's own authority, for a closed network: browsers need its root certificate",
  certificate: "files in a folder of your own, with the certificate and its key",
  proxied: "none: a proxy of yours ends TLS, and passes requests on",
} as const;

/**
 * All that can be chosen of a deployment: from here come the words of `init`, its help, what is kept for the next run, and
 * the command at the top of the files.
 */
export const CHOICES = {
  release: {
    kind: "text",
    value: "<RELEASE>",
    about: "release of LAMB: its number, or its tag",
    otherwise: "the newest that is out",
  },
  caddy: { kind: "switch", about: "Caddy with TLS before everything", otherwise: "with it" },
  tls: {
    kind: "text",
    value: "<KIND>",
    about: `whose certificates: ${Object.keys(TLS).join(", ")}`,
    otherwise: "acme",
    question: "Where do TLS certificates come from?",
    needs: WITH_CADDY,
  },
  trustedProxies: {
    kind: "list",
    value: "<RANGES>",
    about: "with --tls proxied: addresses of your proxy, with commas; private_ranges when it runs on this host",
    question: "Addresses of your proxy, with commas between them; private_ranges when it runs on this host",
    needs: PROXIED,
  },
  acmeDirectory: {
    kind: "text",
    value: "<URL>",
    about: "directory of the ACME authority of the campus",
    otherwise: "Let's Encrypt",
    needs: ACME,
  },
  acmeRoot: {
    kind: "switch",
    about: "that authority has a root certificate of its own: a file in TLS_FOLDER that ACME_ROOT_FILE names",
    needs: ACME,
  },
  httpPort: {
    kind: "number",
    value: "<PORT>",
    about: "port for plain HTTP on this host",
    otherwise: "80",
    needs: WITH_CADDY,
  },
  httpsPort: {
    kind: "number",
    value: "<PORT>",
    about: "port for HTTPS on this host",
    otherwise: "443",
    needs: WITH_CADDY,
  },
  openwebuiPort: {
    kind: "number",
    value: "<PORT>",
    about: "one host name for both: Open WebUI at this port of it",
    otherwise: "a host name of its own",
    needs: WITH_CADDY,
  },
  frames: {
    kind: "origins",
    value: "<ORIGINS>",
    about: "who may show LAMB in a frame, such as https://moodle.campus.example",
    otherwise: "every page with https",
    needs: WITH_CADDY,
  },
  maxUpload: {
    kind: "number",
    value: "<MIB>",
    about: `largest upload in MiB, up to ${MOST_UPLOAD}, through Caddy and into LAMB's library`,
    otherwise: `${LARGEST_UPLOAD / MIB}`,
    needs: WITH_CADDY,
  },
  mcp: {
    kind: "switch",
    about: "MCP clients reach LAMB: who has LTI_SECRET can then act as any user",
    needs: WITH_CADDY,
  },
  oldLti: {
    kind: "switch",
    about:
      "LTI activities go on at their addresses of the old stack, /lamb/lamb/v1/lti/…, until they have the new ones",
    needs: WITH_CADDY,
  },
  ollama: { kind: "switch", about: "language models on this host" },
  gpu: {
    kind: "switch",
    about: "NVIDIA GPUs for Ollama",
    needs: { choice: "ollama", is: true, fix: "add --ollama" },
  },
  library: { kind: "switch", about: "LAMB's library of documents", otherwise: "with releases that have one" },
  alias: {
    kind: "switch",
    about: `the name \`${FORMER_LAMB.name}\` for LAMB, which installations of the old stack have stored; goes with LAMB ${FORMER_LAMB.goneIn}`,
  },
  registry: {
    kind: "registry",
    value: "<REGISTRY>",
    about: "registry and folder that mirror all images; `images` says which",
    otherwise: "where they are published",
  },
  ownership: {
    kind: "switch",
    about: "for one upgrade: gives data of images that ran as root to the users of those that do not",
  },
  sealed: {
    kind: "switch",
    about: "root file systems that nobody can write, for images that are built for it",
  },
} as const satisfies Readonly<Record<string, Choice>>;

/** What Open WebUI can ask the assistant for beside answers, and what each costs. */
export const CHAT = {
  tags: "tags: one more completion for each new chat",
  queries: "search words for attached files: one more completion before each answer, which waits for it",
  autocomplete: "what people may be about to type: completions while they type",
} as const;

/** In the place of all of {@link CHAT}. */
export const NO_CHAT = "none";

/** What `init` also asks, and writes into the `.env` rather than into files. */
export const SETTINGS = {
  defaultModel: {
    value: "<PROVIDER/MODEL>",
    about: "model of new assistants and of assisted creation, which answers 503 without one: openai/NAME, say",
    question: "Which model do new assistants have, and assisted creation? As provider/model",
  },
  chat: {
    value: "<LIST>",
    about: `what else Open WebUI asks assistants for, at their price: ${Object.keys(CHAT).join(", ")}, or ${NO_CHAT}`,
    question:
      "What else may Open WebUI ask assistants for, with their documents and at their price? It asks for a title of each new chat in any case",
  },
} as const;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** Name of a choice. */
export type ChoiceName = keyof typeof CHOICES;

/** What an operator chose of a deployment. What is not chosen is as {@link CHOICES} says. */
export type DeploymentChoices = {
  readonly [Name in ChoiceName]?: Kinds[(typeof CHOICES)[Name]["kind"]] | undefined;
};

/** The choices by name, each as what all have in common. */
export const CHOICE_LIST: readonly (readonly [name: string, choice: Choice])[] = Object.entries(CHOICES);

/** Reads the word of a command. @throws RangeError with what it must be */
export function readWord(kind: keyof Kinds, word: string): string | number | readonly string[] {
  if (kind === "number") {
    if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
    throw new RangeError("It must be a whole number of at least 1.");
  }
  if (word.trim() === "") throw new RangeError("It is empty.");
  return MEANT[kind](word);
}

/** What somebody means by the words that they give, or paste. */
const MEANT: Readonly<Record<Exclude<keyof Kinds, "number">, (word: string) => string | readonly string[]>> = {
  switch: (word) => word.trim(),
  text: (word) => word.trim(),
  list: listOf,
  registry: registryIn,
  origins: (word) => listOf(word).map(originIn),
};

/** The origin of a page, whose address somebody pasted with its scheme or without. */
function originIn(word: string): string {
  if (/^https?:/.test(word) && URL.canParse(word)) return new URL(word).origin;
  return word.replace(/^([\w*.-]+\.[\w-]+(?::\d+)?)[/?#].*$/, "$1");
}

/** A registry and folder, as the names of images begin: also in an address that somebody pasted. */
export function registryIn(word: string): string {
  return word
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "");
}

/** Words with commas or spaces between them. */
export function listOf(word: string): readonly string[] {
  return word.split(/[\s,]+/).filter((one) => one !== "");
}

const IS_OF: Readonly<Record<keyof Kinds, (value: unknown) => boolean>> = {
  switch: (value) => typeof value === "boolean",
  text: (value) => typeof value === "string",
  list: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  number: (value) => Number.isSafeInteger(value),
  registry: (value) => typeof value === "string",
  origins: (value) => IS_OF.list(value),
};

/** Whether data are choices, each of its kind, and nothing else. */
export function areChoices(data: Readonly<Record<string, unknown>>): data is DeploymentChoices {
  const kinds = new Map(CHOICE_LIST.map(([name, { kind }]) => [name, kind]));
  return Object.entries(data).every(([name, value]) => {
    const kind = kinds.get(name);
    return kind !== undefined && (value === undefined || IS_OF[kind](value));
  });
}

/** The choices among the words of a command. */
export function choicesAmong(words: object): DeploymentChoices {
  const said = new Map<string, unknown>(Object.entries(words));
  const chosen = Object.fromEntries(CHOICE_LIST.map(([name]) => [name, said.get(name)]));
  return areChoices(chosen) ? chosen : {};
}

/** Later choices over earlier ones. What was chosen for something that is left out now is left out, too. */
export function mergedChoices(earlier: DeploymentChoices, later: DeploymentChoices): DeploymentChoices {
  const now = new Map(Object.entries(later).filter(([, value]) => value !== undefined));
  const merged: Record<string, unknown> = { ...earlier, ...Object.fromEntries(now) };
  for (const [name, { needs }] of CHOICE_LIST) {
    if (needs !== undefined && !now.has(name) && !isMet(needs, merged)) merged[name] = undefined;
  }
  return areChoices(merged) ? merged : {};
}

/** The words of the command that make these choices. */
export function wordsOf(choices: Readonly<Record<string, unknown>>): readonly string[] {
  return CHOICE_LIST.flatMap(([name, { kind }]) => {
    const value = choices[name];
    if (value === undefined) return [];
    const word = dashed(name);
    if (kind === "switch") return [value === true ? `--${word}` : `--no-${word}`];
    return [`--${word}`, Array.isArray(value) ? value.join(",") : String(value)];
  });
}

/** The name of a choice as a word of the command, without the dashes before it. */
export function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Refuses choices that are for something that was not chosen.
 *
 * @throws OperateError `choices-disagree`
 */
export function refuseUseless(choices: Readonly<Record<string, unknown>>): void {
  for (const [name, { needs, kind }] of CHOICE_LIST) {
    const value = choices[name];
    const isChosen = value !== undefined && (kind !== "switch" || value === true);
    if (!isChosen || needs === undefined || isMet(needs, choices)) continue;
    const other = needs.is === true ? `--${needs.choice}` : `--${needs.choice} ${needs.is}`;
    throw new OperateError({
      code: "choices-disagree",
      path: `--${dashed(name)}`,
      reason: `is for ${other}, which is not chosen`,
      fix: `${needs.fix}, or leave out --${dashed(name)}`,
    });
  }
}

/** What holds of a choice that was not made, where others ask for it. */
const UNSAID: Readonly<Record<string, unknown>> = { caddy: true, tls: "acme" };

/** Nothing is for a kind of TLS where there is no Caddy. */
function isMet({ choice, is }: NonNullable<Choice["needs"]>, choices: Readonly<Record<string, unknown>>): boolean {
  if (choice === "tls" && choices.caddy === false) return false;
  return (choices[choice] ?? UNSAID[choice]) === is;
}
