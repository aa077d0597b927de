import { type Finding, type PlaceFormat, valueText } from "../report/finding";
import { visibleLine } from "../report/visible";
import { addTo } from "../spec/group";
import { FindingLines } from "./finding-lines";

/** How wide a list of places is. */
const WIDTH = 90;
/** Up to how many places have a line each. */
const FEW = 2;
/** How many places a list names when it need not name all. */
const MANY = 12;

/** `services.web`, then what is below it. */
const IN_SERVICE = /^services\.([^.[]+)(.*)$/;

/**
 * Places as people find them in files that they edit: each with its line; many of them as a list, in which a service has
 * its line behind it: `web:12, db:40`.
 *
 * @param files the texts by their paths
 * @param all whether a list names all places, and not the first dozen and how many more there are
 */
export function placesInLines(files: ReadonlyMap<string, string>, all: boolean): PlaceFormat {
  const lines = new FindingLines(files);
  const lineOf = (finding: Finding) => {
    const { file = finding.file ?? "", line } = lines.of(finding) ?? {};
    return { file, line };
  };
  const one = (finding: Finding): string => {
    const { file, line } = lineOf(finding);
    const path = /^line \d+$/.test(finding.path ?? "") ? "" : finding.path;
    return visibleLine([line === undefined ? file : `${file}:${line}`, path].filter(Boolean).join(" ") || "app");
  };
  const several = (findings: readonly Finding[], withValues: boolean): readonly string[] => {
    const shownValue = (finding: Finding) => (withValues ? valueText(finding) : "");
    if (findings.length <= FEW) return findings.map((finding) => `${one(finding)}${shownValue(finding)}`);
    const nameOf = shortNames(findings);
    const byFile = new Map<string, string[]>();
    const shown = all || findings.length <= MANY + FEW ? findings : findings.slice(0, MANY);
    for (const finding of shown) {
      const { file, line } = lineOf(finding);
      const name = nameOf(finding);
      addTo(byFile, file, `${visibleLine(line === undefined ? name : `${name}:${line}`)}${shownValue(finding)}`);
    }
    const listing = [...byFile].flatMap(([file, names]) => listed(`${visibleLine(file)}:`, names));
    const left = findings.length - shown.length;
    return left === 0 ? listing : [...listing, `and ${left} more: --verbose shows all`];
  };
  return { one, several };
}

/** Entries behind a title, in lines that break between them only. */
function listed(title: string, entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = title;
  for (const [index, entry] of entries.entries()) {
    const next = index === entries.length - 1 ? entry : `${entry},`;
    if (line !== title && line.length + 1 + next.length > WIDTH) {
      lines.push(line);
      line = ` ${next}`;
    } else line = `${line} ${next}`;
  }
  return [...lines, line];
}

/** The shortest names that tell the places of findings apart: of one key of several services, the services. */
function shortNames(findings: readonly Finding[]): (finding: Finding) => string {
  const keys = new Set(findings.map(({ path = "" }) => IN_SERVICE.exec(path)?.[2]));
  return ({ path = "" }) => {
    const [, service = path, key = ""] = IN_SERVICE.exec(path) ?? [];
    return keys.size === 1 ? service : `${service}${key}`;
  };
}
