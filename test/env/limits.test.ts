import { expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { EnvLimit } from "../../lib/construct/env-limit";
import { EnvVar } from "../../lib/construct/env-var";
import { Overlay } from "../../lib/construct/overlay";
import { Service } from "../../lib/construct/service";
import { checkEnv } from "../../lib/env/check";
import { EnvTemplate } from "../../lib/env/template";

const app = new App();
const file = new ComposeFile(app, "shop");
const size = new EnvVar("SHOP_SIZE", { meaning: "bytes of a picture", default: 5 });
new Service(file, "web", { image: "web:1", environment: { SIZE: size } });
const env = new EnvTemplate(file, "env", { fileName: ".env.example" });
for (const [name, most] of [
  ["narrow", 10],
  ["wide", 1000],
] as const) {
  const proxy = new Overlay(file, name);
  new Service(proxy, "proxy", { image: "proxy:1" });
  new EnvLimit(proxy, { variable: size, most, reason: `it must fit through ${name}` });
}
const contract = env.contract(app.synth().context);

/** What is said of a value, by the overlays that run. */
const said = async (value: string, ...overlays: readonly string[]) => {
  const files = ["docker-compose.shop.yaml", ...overlays.map((name) => `docker-compose.shop.${name}.yaml`)];
  return (await checkEnv(contract, `SHOP_SIZE=${value}\n`, { files })).map(({ reason }) => reason);
};
const over = (name: string, most: number) => `must be at most ${most}: it must fit through ${name}`;

it("is a limit where the file runs that states it, and nowhere else", async () => {
  expect(await said("1001")).toEqual([]);
  expect(await said("10", "narrow")).toEqual([]);
  expect(await said("11", "narrow")).toEqual([over("narrow", 10)]);
  expect(await said("11", "wide")).toEqual([]);
  expect(await said("1001", "wide")).toEqual([over("wide", 1000)]);
  expect(await said("1001", "narrow", "wide")).toEqual([over("narrow", 10), over("wide", 1000)]);
});

it("says nothing of what is no number: that is for the variable's type", async () => {
  expect(await said("many", "narrow")).toEqual([]);
});
