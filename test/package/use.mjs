// The built package as an ES module, by its own name, as its users import it. Run by `npm run package`.
import { App, CaddyOverlay, LambStack } from "lamb-compose";
import { parseDotenv, resolve } from "lamb-compose/compose";
import schema from "lamb-compose/compose-spec.json" with { type: "json" };
import { BIND } from "lamb-compose/construct";
import { envContract } from "lamb-compose/env";
import { LambImages, tagsFor } from "lamb-compose/images";
import { withRules } from "lamb-compose/policy";
import { expectValid, synthesize } from "lamb-compose/testing";
import { use } from "./use.cjs";

use({
  App,
  CaddyOverlay,
  LambStack,
  parseDotenv,
  resolve,
  schema,
  BIND,
  envContract,
  LambImages,
  tagsFor,
  withRules,
  expectValid,
  synthesize,
});
