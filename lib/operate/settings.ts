import type { EnvContract } from "../env/contract";
import {
  ENABLE_AUTOCOMPLETE_GENERATION,
  ENABLE_RETRIEVAL_QUERY_GENERATION,
  ENABLE_TAGS_GENERATION,
  GLOBAL_DEFAULT_MODEL_NAME,
  GLOBAL_DEFAULT_MODEL_PROVIDER,
  OLLAMA_MODEL,
  OPENAI_MODEL,
} from "../lamb/variables";
import { CHAT, type DeploymentChoices, dashed, listOf, NO_CHAT, type SettingName } from "./choices";

/** How a setting becomes variables of the `.env`. */
interface SettingValues {
  readonly variables: readonly string[];
  /** @throws RangeError with what the word must be */
  readonly valuesOf: (word: string) => ReadonlyMap<string, string>;
}

const CHAT_VARIABLES: Readonly<Record<keyof typeof CHAT, string>> = {
  tags: ENABLE_TAGS_GENERATION.name,
  queries: ENABLE_RETRIEVAL_QUERY_GENERATION.name,
  autocomplete: ENABLE_AUTOCOMPLETE_GENERATION.name,
};

/** What each setting of `init` writes into the `.env`. */
export const SETTING_VALUES: Readonly<Record<SettingName, SettingValues>> = {
  defaultModel: {
    variables: [GLOBAL_DEFAULT_MODEL_PROVIDER.name, GLOBAL_DEFAULT_MODEL_NAME.name],
    valuesOf: (word) => {
      const [, provider, model] = /^\s*([\w.-]+)\s*\/\s*(\S+)\s*$/.exec(word) ?? [];
      if (provider === undefined || model === undefined) {
        throw new RangeError(`It must be a provider, a slash and a model, such as openai/${OPENAI_MODEL.default}.`);
      }
      return new Map([
        [GLOBAL_DEFAULT_MODEL_PROVIDER.name, provider],
        [GLOBAL_DEFAULT_MODEL_NAME.name, model],
      ]);
    },
  },
  chat: {
    variables: Object.values(CHAT_VARIABLES),
    valuesOf: (word) => {
      const chosen = listOf(word).filter((one) => one !== NO_CHAT);
      if (chosen.some((one) => !Object.hasOwn(CHAT, one))) {
        throw new RangeError(`It must be of ${[...Object.keys(CHAT), NO_CHAT].join(", ")}.`);
      }
      return new Map(
        Object.entries(CHAT_VARIABLES).map(([name, variable]) => [variable, String(chosen.includes(name))]),
      );
    },
  },
};

/** @throws RangeError with the word of the command before what it must be */
function valuesOfWord(name: string, { valuesOf }: SettingValues, word: string): ReadonlyMap<string, string> {
  try {
    return valuesOf(word);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`--${dashed(name)}: ${error.message}`) : error;
  }
}

/** The variables that the settings among the words of a command mean. @throws RangeError with what a word must be */
export function settingsAmong(words: object): ReadonlyMap<string, string> {
  const said = new Map<string, unknown>(Object.entries(words));
  return new Map(
    Object.entries(SETTING_VALUES).flatMap(([name, setting]) => {
      const word = said.get(name);
      return typeof word === "string" ? [...valuesOfWord(name, setting, word)] : [];
    }),
  );
}

/** The model that a deployment most likely has: that of its provider where none is chosen. */
export function likelyModel({ variables }: EnvContract, { ollama }: DeploymentChoices): string {
  const [provider, { name }] =
    ollama === true ? (["ollama", OLLAMA_MODEL] as const) : (["openai", OPENAI_MODEL] as const);
  return `${provider}/${variables.find((variable) => variable.name === name)?.default ?? ""}`;
}
