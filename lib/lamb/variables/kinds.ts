import { EnvVar, type EnvVarProps } from "../../construct/env-var";

import { PUBLIC_SECRETS } from "../facts/public-secrets";

/** What there is to say of a variable beside its meaning. */
export type Details = Omit<EnvVarProps, "meaning" | "group">;

/** Makes the variables of one heading of the template. */
export function group(name: string) {
  return (variable: string, meaning: string, details: Details = {}) =>
    new EnvVar(variable, { meaning, group: name, ...details });
}

/** What the deployment must keep secret. */
export const secret: Details = { required: true, secret: true, refused: PUBLIC_SECRETS };

type Kind = NonNullable<Details["type"]>;

export const port: Kind = (z) =>
  z.string().refine((text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535, "must be a port from 1 to 65535");
export const url: Kind = (z) =>
  z.url({ protocol: /^https?$/ }).refine((text) => !text.endsWith("/"), "must not end with /");
export const flag: Kind = (z) => z.enum(["true", "false"]);
export const lifetime: Kind = (z) =>
  z.string().regex(/^(-1|\d+(\.\d+)?(ms|[smhdw]))$/, "must be -1 or a time such as 12h or 4w");
export const count: Kind = (z) => z.string().regex(/^[1-9]\d*$/, "must be a whole number from 1");
export const size: Kind = (z) => z.string().regex(/^(0|\d+(\.\d+)?[bkmgt]b?)$/i, "must be 0 or a size such as 4g");
