import { flag, group, lifetime } from "./kinds";

const people = group("People");
export const DEFAULT_USER_ROLE = people("DEFAULT_USER_ROLE", "role of new users of Open WebUI", {
  default: "user",
  type: (z) => z.enum(["user", "pending"]),
});
/** Open WebUI's tokens end in no other way: signing out forgets them in the browser only. */
export const JWT_EXPIRES_IN = people(
  "JWT_EXPIRES_IN",
  "how long a sign-in to Open WebUI lasts, such as 12h or 4w, until an administrator sets it there; -1 is forever",
  { default: "4w", type: lifetime },
);

const models = group("Language models");
/** Open WebUI asks the assistant itself for these, with its documents and at its price. */
const generated = (variable: string, what: string) =>
  models(variable, `Open WebUI asks the assistant ${what}, until an administrator sets it there`, {
    default: false,
    type: flag,
  });
export const ENABLE_AUTOCOMPLETE_GENERATION = generated(
  "ENABLE_AUTOCOMPLETE_GENERATION",
  "to complete what people are typing",
);
export const ENABLE_TAGS_GENERATION = generated("ENABLE_TAGS_GENERATION", "for tags of a new chat");
export const ENABLE_RETRIEVAL_QUERY_GENERATION = generated(
  "ENABLE_RETRIEVAL_QUERY_GENERATION",
  "what to look for in attached files, before each answer",
);
