import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { ComposeConstruct } from "../construct/compose-construct";
import { PROGRAM_LOCK } from "./generated/program-lock";

/** What a {@link ProgramFolder} holds. */
export interface ProgramFolderProps {
  /** Name of the program's file, such as `prod.ts`. */
  readonly fileName: string;
  /** The program: what its file holds. */
  readonly text: string;
  /**
   * What it reads beside itself, by the names of the files.
   * @default - nothing
   */
  readonly beside?: Readonly<Record<string, string>> | undefined;
  /**
   * The folder below the output directory.
   * @default "deploy"
   */
  readonly folder?: string | undefined;
}

/**
 * The program itself, in the repository that it writes into, with a `package.json` and a lock of all that it needs: who
 * changes a file that it made changes the program there, and `npm ci` of the folder makes it ready to run.
 *
 * @example
 * ```ts
 * const text = readFileSync(fileURLToPath(import.meta.url), "utf8");
 * const { install, command } = new ProgramFolder(app, "deploy", { fileName: "prod.ts", text });
 * ```
 */
export class ProgramFolder extends ComposeConstruct {
  /** The commands that make it ready to run. */
  readonly install: readonly string[];
  /** The command that runs it. */
  readonly command: string;

  constructor(scope: Construct, id: string, props: ProgramFolderProps) {
    super(scope, id);
    const { folder = "deploy", fileName: name, text, beside = {} } = props;
    const { "": root } = PROGRAM_LOCK.packages;
    const files: Readonly<Record<string, string>> = {
      ...beside,
      [name]: text,
      "package.json": json({ name: PROGRAM_LOCK.name, private: true, type: "module", dependencies: root.dependencies }),
      "package-lock.json": json(PROGRAM_LOCK),
    };
    for (const [fileName, content] of Object.entries(files)) {
      new Artifact(this, fileName, { fileName: `${folder}/${fileName}`, content });
    }
    this.install = [`npm ci --prefix ${folder}`];
    this.command = `npx --prefix ${folder} tsx ${folder}/${name}`;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
