import { CHAT, CHOICES, type DeploymentChoices, listOf, SETTINGS, TLS } from "../operate/choices";
import { planDeployment } from "../operate/deployment";
import { answersFor } from "../operate/env/init";
import { OperateError } from "../operate/error";
import { type InitRequest, type OpenQuestions, openQuestions } from "../operate/init";
import { likelyModel, SETTING_VALUES } from "../operate/settings";
import { askVariable, chosenInTerminal, textInTerminal } from "./ask";

/** In the list of kinds of TLS: nothing stands before LAMB. */
const NO_CADDY = "none";
const ON_THIS_HOST = "private_ranges";

/** Numbers the questions, and says how many there are: `2 of 5`. */
class Numbers {
  private at = 0;
  of = 0;

  next(question: string): string {
    this.at++;
    return `${this.at} of ${this.of}  ${question}`;
  }

  /** @param left how many there are from here on */
  left(left: number): void {
    this.of = this.at + left;
  }
}

/**
 * Asks for what only a person knows of a deployment: for a new one where its certificates come from, its names, and which
 * models it uses; for one that is there what its `.env` lacks.
 */
export async function askForDeployment<Asked extends InitRequest>(request: Asked): Promise<Asked> {
  const numbers = new Numbers();
  const first = await openQuestions({ ...request, choices: likely(request.choices) });
  const { isNew } = first;
  const asksTls = isNew && request.choices.tls === undefined && request.choices.caddy !== false;
  numbers.left(
    Number(asksTls) + Number(asksProxies(request.choices)) + settingsOf(first).length + first.missing.length,
  );
  if (numbers.of === 0) return request;
  const { intro } = await import("@clack/prompts");
  intro(
    `${numbers.of} question${numbers.of === 1 ? "" : "s"}. Enter takes an answer that is there, not an example in grey; Ctrl-C ends it, and nothing is written.`,
  );
  let { choices } = request;
  if (asksTls) choices = { ...choices, ...(await askTls(numbers)) };
  const open = asksTls ? await openQuestions({ ...request, choices: likely(choices) }) : first;
  const settings = settingsOf(open);
  numbers.left(Number(asksProxies(choices)) + settings.length + open.missing.length);
  if (asksProxies(choices)) choices = { ...choices, trustedProxies: await askProxies(numbers, choices) };
  const askNext = numberedOnce(numbers);
  const answers = await answersFor(open.missing, open.contract, askNext, open.known);
  const secrets = new Set(open.missing.filter(({ secret }) => secret).map(({ name }) => name));
  const inWords = [...answers].filter(([name]) => !secrets.has(name));
  const chosen: (readonly [string, string])[] = [];
  for (const name of settings) chosen.push(...(await ASK[name](numbers, open)));
  return {
    ...request,
    choices,
    given: new Map([...(request.given ?? []), ...inWords, ...chosen]),
    givenInPrivate: new Map([...(request.givenInPrivate ?? []), ...[...answers].filter(([name]) => secrets.has(name))]),
  };
}

function asksProxies({ tls, trustedProxies }: DeploymentChoices): boolean {
  return tls === "proxied" && trustedProxies === undefined;
}

/** The choices with what is asked for later, so that one can see what else there is to ask. */
function likely(choices: DeploymentChoices): DeploymentChoices {
  return asksProxies(choices) ? { ...choices, trustedProxies: [ON_THIS_HOST] } : choices;
}

async function askTls(numbers: Numbers): Promise<DeploymentChoices> {
  const options = [...Object.entries(TLS), [NO_CADDY, "no Caddy at all: LAMB is for this computer only"] as const];
  const [kind = NO_CADDY] = await chosenInTerminal(numbers.next(CHOICES.tls.question), options, "one");
  return kind === NO_CADDY ? { caddy: false } : { tls: kind };
}

async function askProxies(numbers: Numbers, choices: DeploymentChoices): Promise<readonly string[]> {
  const check = (text: string) => problemIn(() => planDeployment({ ...choices, trustedProxies: listOf(text) }));
  return listOf(await textInTerminal(numbers.next(CHOICES.trustedProxies.question), { shown: ON_THIS_HOST, check }));
}

/** What is wrong with an answer, as what reads it says. */
function problemIn(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof OperateError) return error.fix;
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Asks for a variable under one number, however often it takes. */
function numberedOnce(numbers: Numbers): typeof askVariable {
  let title = "";
  return (variable, refused) => {
    if (refused === undefined) title = numbers.next("");
    return askVariable(variable, refused, title);
  };
}

const SETTING_NAMES = ["defaultModel", "chat"] as const;

/** The settings that a new deployment is asked for, and that nobody has said yet. */
function settingsOf({ isNew, lacksEnv, known, contract }: OpenQuestions): readonly (typeof SETTING_NAMES)[number][] {
  const has = new Set(contract.variables.map(({ name }) => name));
  return SETTING_NAMES.filter((name) => {
    const { variables } = SETTING_VALUES[name];
    return (isNew || lacksEnv) && variables.every((variable) => has.has(variable) && known(variable) === undefined);
  });
}

type AskSetting = (numbers: Numbers, open: OpenQuestions) => Promise<ReadonlyMap<string, string>>;

const ASK: Readonly<Record<(typeof SETTING_NAMES)[number], AskSetting>> = {
  defaultModel: async (numbers, { contract, choices }) => {
    const { valuesOf } = SETTING_VALUES.defaultModel;
    const check = (text: string) => problemIn(() => text.trim() === "" || valuesOf(text));
    const shown = likelyModel(contract, choices);
    const answer = await textInTerminal(numbers.next(SETTINGS.defaultModel.question), { shown, check });
    return answer.trim() === "" ? new Map() : valuesOf(answer);
  },
  chat: async (numbers) => {
    const chosen = await chosenInTerminal(numbers.next(SETTINGS.chat.question), Object.entries(CHAT), "any");
    return SETTING_VALUES.chat.valuesOf(chosen.join(","));
  },
};
