import fc from "fast-check";
import { expect, it } from "vitest";
import { asMeant } from "../../lib/env/pasted";
import { typeMistake } from "../../lib/env/type";
import { planDeployment } from "../../lib/operate/deployment";
import { SEED } from "../support/property";

const variables = [planDeployment({}), planDeployment({ tls: "certificate" })].flatMap(
  ({ contract }) => contract.variables,
);
const variable = (name: string) => {
  const found = variables.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

it.each<[name: string, pasted: string, meant: string]>([
  ["LAMB_PUBLIC_HOST", "https://lamb.uni.edu/", "lamb.uni.edu"],
  ["LAMB_PUBLIC_HOST", " HTTPS://lamb.uni.edu/creator?x=1#y\n", "lamb.uni.edu"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu/", "lamb.uni.edu"],
  ["LAMB_PUBLIC_HOST", "'lamb.uni.edu'", "lamb.uni.edu"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu.", "lamb.uni.edu"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu", "lamb.uni.edu"],
  // A name has no port, and no user: to leave one out would be another address.
  ["LAMB_PUBLIC_HOST", "https://lamb.uni.edu:8443/", "https://lamb.uni.edu:8443/"],
  ["LAMB_PUBLIC_HOST", "https://me@lamb.uni.edu/", "https://me@lamb.uni.edu/"],
  ["LAMB_PUBLIC_HOST", "https://lamb/", "https://lamb/"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu\nchat.uni.edu", "lamb.uni.edu\nchat.uni.edu"],
  ["CADDY_EMAIL", "Ada Lovelace <ada@uni.edu>", "ada@uni.edu"],
  ["CADDY_EMAIL", "mailto:ada@uni.edu", "ada@uni.edu"],
  ["CADDY_EMAIL", " ada@uni.edu ", "ada@uni.edu"],
  ["LAMB_PORT", " 9000\n", "9000"],
  // A path is no address, whose host would be "." here.
  ["TLS_KEY_FILE", "../key.pem", "../key.pem"],
  ["TLS_FOLDER", "~/tls", "~/tls"],
  // What has no type can be any text, and a secret is what it is.
  ["OWI_ADMIN_NAME", " Ada ", " Ada "],
  ["LTI_SECRET", " 'x' ", " 'x' "],
])("takes from what is pasted what is meant: %s %j", async (name, pasted, meant) => {
  expect(await asMeant(variable(name), pasted)).toBe(meant);
});

it("changes nothing that is right, and makes nothing wrong of it", async () => {
  const names = fc.constantFrom("LAMB_PUBLIC_HOST", "CADDY_EMAIL", "LAMB_PORT", "OPENAI_BASE_URL", "LTI_SECRET");
  const text = fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress(), fc.domain());
  await fc.assert(
    fc.asyncProperty(names, text, async (name, value) => {
      const meant = await asMeant(variable(name), value);
      const mistake = (one: string) => typeMistake(variable(name), one, []);
      if ((await mistake(value)) === undefined) expect(meant).toBe(value);
      if (meant !== value) expect(await mistake(meant)).toBeUndefined();
    }),
    SEED,
  );
});
