import { meaningOf } from "../report/codes";
import type { Finding, RuleText, Severity } from "../report/finding";
import { FindingLines, type FindingPlace } from "./finding-lines";

/** Levels of SARIF. Section 3.27.10. */
export type SarifLevel = "error" | "warning" | "note";

/** What a SARIF log takes beside the findings. */
export interface SarifOptions {
  /**
   * Texts of the files by their paths, for the line of each finding.
   * @default - none: findings have no lines
   */
  readonly files?: ReadonlyMap<string, string> | undefined;
  /**
   * Folder in which the files lie, seen from the root of the repository.
   * @default - the root
   */
  readonly directory?: string | undefined;
  /**
   * The rules behind the findings, for their descriptions. Other findings have the meaning of their code.
   * @default - none
   */
  readonly rules?: readonly RuleText[] | undefined;
  /**
   * Version of what found it.
   * @default - none
   */
  readonly version?: string | undefined;
}

/** A text of a SARIF log. */
export interface SarifMessage {
  readonly text: string;
}

/** A kind of finding. Section 3.49. */
export interface SarifRule {
  readonly id: string;
  readonly shortDescription?: SarifMessage;
  readonly fullDescription?: SarifMessage;
  readonly help?: SarifMessage;
  readonly defaultConfiguration?: { readonly level: SarifLevel };
}

/** Where a finding is: in a file, and in the program. Section 3.28. */
export interface SarifLocation {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: { readonly startLine: number };
  };
  readonly logicalLocations: readonly { readonly fullyQualifiedName: string; readonly kind: string }[];
}

/** A finding. Section 3.27. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: SarifMessage;
  readonly locations: readonly SarifLocation[];
  readonly partialFingerprints: { readonly [name: string]: string };
  readonly suppressions?: readonly { readonly kind: "inSource"; readonly justification: string }[];
}

/** A log file of SARIF 2.1.0 with one run. Section 3.13. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly version?: string; readonly rules: readonly SarifRule[] };
    };
    readonly columnKind: "utf16CodeUnits";
    readonly results: readonly SarifResult[];
  }[];
}

const LEVELS: Readonly<Record<Severity, SarifLevel>> = { error: "error", warning: "warning", suppressed: "note" };

/** Findings as a log of SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), which code hosts show. */
export function toSarif(findings: readonly Finding[], options: SarifOptions = {}): SarifLog {
  const { files = new Map<string, string>(), directory = "", rules: texts = [], version } = options;
  const known = new Map(texts.map((rule) => [rule.id, rule]));
  const indices = new Map<string, number>();
  for (const { code } of findings) if (!indices.has(code)) indices.set(code, indices.size);
  const lines = new FindingLines(files);
  const place = (finding: Finding) => {
    const found = lines.of(finding);
    return found === undefined ? undefined : locationOf(found, directory);
  };
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "lamb-compose",
            ...(version === undefined ? {} : { version }),
            rules: [...indices.keys()].map((id) => ruleOf(id, known.get(id))),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, indices.get(finding.code) ?? 0, place(finding))),
      },
    ],
  };
}

function ruleOf(id: string, rule: RuleText | undefined): SarifRule {
  if (rule === undefined) {
    const text = meaningOf(id);
    return text === undefined ? { id } : { id, shortDescription: { text } };
  }
  return {
    id,
    shortDescription: { text: rule.what },
    fullDescription: { text: `${rule.what}: ${rule.why}` },
    help: { text: rule.fix },
    defaultConfiguration: { level: rule.severity },
  };
}

function resultOf(
  finding: Finding,
  ruleIndex: number,
  physicalLocation: SarifLocation["physicalLocation"],
): SarifResult {
  const { code, severity, construct, path = "", value, reason, fix, suppression } = finding;
  const got = value === undefined ? "" : ` (got ${value})`;
  const names = [
    ...(construct === "" ? [] : [{ fullyQualifiedName: construct, kind: "object" }]),
    ...(path === "" ? [] : [{ fullyQualifiedName: path, kind: "member" }]),
  ];
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${[construct, path].filter(Boolean).join(" · ")}: ${reason}${got}. Fix: ${fix}.` },
    locations: [{ ...(physicalLocation === undefined ? {} : { physicalLocation }), logicalLocations: names }],
    partialFingerprints: { "place/v1": [code, construct, path].join(" ") },
    ...(suppression === undefined ? {} : { suppressions: [{ kind: "inSource", justification: suppression }] }),
  };
}

function locationOf({ file, line }: FindingPlace, directory: string): NonNullable<SarifLocation["physicalLocation"]> {
  const path = file.startsWith("/") ? file : `${directory}/${file}`;
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  const isAbsolute = path.startsWith("/") && (directory !== "" || file.startsWith("/"));
  const uri = (isAbsolute ? "/" : "") + steps.map(encodeURIComponent).join("/");
  return { artifactLocation: { uri }, ...(line === undefined ? {} : { region: { startLine: line } }) };
}
