// The built package as CommonJS, by its own name, as its users require it. Run by `npm run package`.
const assert = require("node:assert");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

async function use(lamb) {
  const { App, CaddyOverlay, LambStack, LambImages, tagsFor } = lamb;
  const { parseDotenv, resolve, schema, expectValid, synthesize, withRules, envContract, BIND } = lamb;
  assert.equal(typeof BIND, "symbol");
  assert.equal(withRules([]).length, 0);
  const synthesis = synthesize((app) => {
    assert(App.isApp(app));
    new CaddyOverlay(new LambStack(app, "next"), "prod");
    new LambImages(app, "images");
  });
  await expectValid(synthesis);
  assert(envContract(synthesis.context).variables.length > 10);
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-package-"));
  await synthesis.write(folder);
  const [path, text] = [...synthesis.files][0];
  assert.equal(readFileSync(join(folder, path), "utf8"), text);
  assert.deepEqual(await synthesis.check(folder), []);
  assert.equal((await synthesis.resolve()).name, "lamb");
  rmSync(folder, { recursive: true });
  assert.equal(resolve([{ path: "/a/compose.yaml", text: "services: {web: {image: 'x:1'}}" }]).images[0], "x:1");
  assert.equal(parseDotenv("A=1").values.get("A"), "1");
  assert(schema.properties.services);
  assert.match(synthesis.files.get("backend/Dockerfile"), /^ARG PYTHON_IMAGE=python:/m);
  const push = { name: "push", ref: "refs/tags/v1.2.3", commit: "0".repeat(40) };
  const repository = { defaultBranch: "main", head: push.commit, tags: ["v1.2.3"] };
  assert.deepEqual(
    tagsFor(push, repository).map(({ name }) => name),
    ["sha-000000000000", "v1.2.3", "1.2.3", "1.2", "1", "latest"],
  );
}

module.exports = { use };

if (require.main === module) {
  use({
    ...require("lamb-compose"),
    ...require("lamb-compose/compose"),
    ...require("lamb-compose/images"),
    ...require("lamb-compose/testing"),
    ...require("lamb-compose/policy"),
    ...require("lamb-compose/env"),
    ...require("lamb-compose/construct"),
    schema: require("lamb-compose/compose-spec.json"),
  });
}
