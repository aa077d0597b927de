import { run } from "lamb-compose";
import { deployment } from "./deployment.js";

await run(deployment());
