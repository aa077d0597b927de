/** What it costs to write a service as YAML: our emitter beside `yaml.stringify`, and whether the cost is linear. */
import { parse, stringify } from "yaml";
import { emit } from "../../lib/compose/emit/emit";
import { sideBySide } from "./measure";
import { stack } from "./services";

const SIZES = [10, 100, 1_000, 10_000];

interface Row {
  readonly services: number;
  readonly "emit, µs a service": number;
  readonly "yaml.stringify, µs a service": number;
  readonly "emit / yaml.stringify": number;
  readonly KiB: number;
}

async function row(services: number): Promise<Row> {
  const document = stack(services);
  const text = emit(document);
  if (services <= 100 && JSON.stringify(parse(text)) !== JSON.stringify(document))
    throw new Error("emit lost something");
  const [ours = Number.NaN, theirs = Number.NaN] = await sideBySide(
    () => emit(document),
    () => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return {
    services,
    "emit, µs a service": round((1000 * ours) / services, 2),
    "yaml.stringify, µs a service": round((1000 * theirs) / services, 1),
    "emit / yaml.stringify": round(ours / theirs, 4),
    KiB: round(text.length / 1024, 0),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

const rows: Row[] = [];
for (const size of SIZES) rows.push(await row(size));
console.table(rows);
const perService = rows.map((each) => each["emit, µs a service"]);
const linearity = (perService.at(-1) ?? Number.NaN) / (perService.at(-2) ?? Number.NaN);
console.log(`linearity: a service of 10,000 costs ${linearity.toFixed(2)} times one of 1,000`);
