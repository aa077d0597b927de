import { flag, group, secret } from "./kinds";

const people = group("People");
export const SIGNUP_ENABLED = people("SIGNUP_ENABLED", "people can sign up to LAMB with SIGNUP_SECRET_KEY", {
  default: false,
  type: flag,
});
export const LTI_GLOBAL_CONSUMER_KEY = people(
  "LTI_GLOBAL_CONSUMER_KEY",
  "consumer key of the one LTI tool for all activities",
  { default: "lamb" },
);
export const LTI_GLOBAL_SECRET = people("LTI_GLOBAL_SECRET", "secret of that tool, when it differs from LTI_SECRET", {
  secret: true,
});

const administrator = group("First administrator");
export const OWI_ADMIN_EMAIL = administrator(
  "OWI_ADMIN_EMAIL",
  "e-mail address of the first administrator; a changed one makes a second, and the first stays",
  { required: true, example: "lamb@campus.example", type: (z) => z.email() },
);
export const OWI_ADMIN_PASSWORD = administrator(
  "OWI_ADMIN_PASSWORD",
  "password of the first administrator; used at the first start only",
  secret,
);
export const OWI_ADMIN_NAME = administrator("OWI_ADMIN_NAME", "name of the first administrator", { default: "Admin" });
