// The built package as an ES module, by its own name, as its users import it. Run by `npm run package`.
import { App, CaddyOverlay, LambStack } from "lamb-compose";
import { parseDotenv, resolve } from "lamb-compose/compose";
import schema from "lamb-compose/compose-spec.json" with { type: "json" };
import { LambImages, tagsFor } from "lamb-compose/images";
import { expectValid, synthesize } from "lamb-compose/testing";
import { use } from "./use.cjs";

use({ App, CaddyOverlay, LambStack, parseDotenv, resolve, schema, LambImages, tagsFor, expectValid, synthesize });
