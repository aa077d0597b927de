import { visibleLine } from "../../report/visible";
import { megabytes } from "../amounts";
import type { LeftPlace, MigrationPlan, PlannedPlace } from "./plan";
import type { VariableFate } from "./variables";

const KINDS = { checkout: "a checkout with data in folders", volumes: "upstream's files with data in volumes" };

/** A plan as text. Names and addresses in it are those of others. */
export function formatMigration(plan: MigrationPlan): string {
  const { from, kind, project, release, bytes, free, running, returning, holders, addresses } = plan;
  const name = project === undefined ? "" : `, project ${project}`;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [`${from}: ${KINDS[kind]}${name}; to LAMB ${release}`, []],
    [`${megabytes(bytes)} of data; ${megabytes(free)} are free`, plan.places.flatMap(placeLines)],
    [
      "has no place in this release: choose another one, or leave it behind with --leave",
      plan.left.map((one) => `${one.holds} (${one.volume})${hasPlace(one)}`),
    ],
    ["runs, and is stopped", running],
    ["the engine starts these again when it starts itself; `docker update --restart no` ends that", returning],
    ["programs outside of Docker that must be stopped first", holders],
    ["variables", variableLines(plan.variables)],
    ["lines of .env that nobody can read", plan.unreadable],
    ["names old places, and is rewritten in the copy", plan.frozen.flatMap(frozenLines)],
    ["public addresses so far", addresses],
    ["an LMS has addresses of it", lmsLines(plan)],
    [
      "still needed",
      plan.needed.map(
        ({ name: needed, meaning, secret }) =>
          `${secret ? "--set-from-stdin " : "--set "}${needed}${secret ? "" : "=…"}: ${meaning}`,
      ),
    ],
  ];
  return sections
    .filter(([title, lines]) => lines.length > 0 || title.startsWith(from))
    .flatMap(([title, lines]) => [visibleLine(title), ...lines.map((line) => `  ${visibleLine(line)}`)])
    .join("\n");
}

/** Which release has a place for it. */
function hasPlace({ release, isOut = true }: LeftPlace): string {
  if (release === undefined) return "";
  return `: --release ${release} has a place for it${isOut ? "" : ", but is not out yet"}`;
}

function lmsLines({ lms, kind }: MigrationPlan): readonly string[] {
  if (lms.length === 0) return [];
  const old = "behind LAMB's own Caddyfile they began with /lamb/lamb/: with --old-lti these work, too";
  return [
    ...lms.map(({ holds, rows, address }) => `${rows} ${holds}: …${address}`),
    ...(kind === "checkout" ? [old] : []),
  ];
}

function placeLines(place: PlannedPlace): readonly string[] {
  const { holds, from, to, files, bytes, databases, owners, links, other, unread } = place;
  const rows = Object.entries(databases).map(([path, count]) => `${path}: ${count} rows`);
  const users = Object.keys(owners).join(", ");
  return [
    `${holds}: ${from} -> ${to}: ${files} files, ${megabytes(bytes)}${users === "" ? "" : `, of user ${users}`}`,
    ...rows.map((row) => `  ${row}`),
    ...links.map(
      ([path, target, outside]) =>
        `  link ${path} -> ${target}${outside === null ? "" : ": what it leads to is copied, if it is there"}`,
    ),
    ...other.map((path) => `  ${path} is no file, and stays behind`),
    ...unread.map(([path, why]) => `  ${path} cannot be read while it is written: ${why}`),
  ];
}

const FATES: Readonly<Record<VariableFate["fate"], string>> = {
  kept: "kept",
  renamed: "kept under another name",
  there: "left: the new .env has a value already",
  replaced: "not taken: a new value, or the default, takes its place",
  default: "not needed: it is so anyway, or empty",
  retired: "not needed any more",
  unknown: "unknown",
};

function variableLines(fates: readonly VariableFate[]): readonly string[] {
  return Object.entries(FATES).flatMap(([fate, title]) => {
    const own = fates.filter((one) => one.fate === fate);
    if (own.length === 0) return [];
    const isShort = own.every(({ why, to, name }) => why === undefined && (to === undefined || to === name));
    if (isShort) return [`${title}: ${own.map(({ name }) => name).join(", ")}`];
    const lines = own.map(({ file, name, to, why }) => {
      const today = to === undefined || to === name ? "" : ` -> ${to}`;
      return `  ${file}: ${name}${today}${why === undefined ? "" : `: ${why}`}`;
    });
    return [title, ...lines];
  });
}

function frozenLines({
  holds,
  place,
  changed,
  lost,
  from,
  elsewhere,
  missing,
}: MigrationPlan["frozen"][number]): readonly string[] {
  const others = Object.entries(elsewhere).map(([url, count]) => `  ${count} name another service, ${url}, and stay`);
  const gone = lost > 0 ? [`  ${lost} name what is not there, and stay: ${missing.join(", ")}`] : [];
  if (changed === 0 && others.length === 0 && gone.length === 0) return [];
  const old = Object.entries(from).map(([before, count]) => `  ${count} from ${before}`);
  return [`${holds} (${place}): ${changed}`, ...old, ...others, ...gone];
}
