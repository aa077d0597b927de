import type { Image } from "../../construct/image/image";
import { BaseImage, BuildArg } from "../dockerfile/arg";
import { BuildMount } from "../dockerfile/mount";
import { type ProbeTiming, Stage } from "../dockerfile/stage";
import { builtFromSource, type LockedPackage } from "./requirements";

/** Who runs a program: a number that no distribution gives to a user of its own, and its name. */
export interface ImageUser {
  readonly name: string;
  readonly id: number;
}

/** A folder of another stage. */
export interface CopiedFolder {
  readonly from: Stage;
  readonly source: string;
  readonly target: string;
}

export interface RuntimeProps {
  /** The image of Python to build upon. It has pip. */
  readonly base: Image;
  /** What the image says of itself: the names of OCI's annotations without `org.opencontainers.image.`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Who runs the program. */
  readonly user: ImageUser;
  /** Folder of the program below the build context. */
  readonly program: string;
  /** The same folder in the image. */
  readonly workdir: string;
  /**
   * More folders in which the program finds its own modules.
   * @default - none
   */
  readonly modulePath?: readonly string[] | undefined;
  /** Module whose `app` the server serves. */
  readonly entry: string;
  readonly port: number;
  /**
   * Words for uvicorn beside host and port.
   * @default - none
   */
  readonly serverOptions?: readonly string[] | undefined;
  /** Files that say what the project asks for: a `requirements.txt` or `pyproject.toml`, or several, below the build context. */
  readonly requirements: readonly string[];
  /** What is installed. */
  readonly packages: readonly LockedPackage[];
  /** What the user of the image can write. All else belongs to root. */
  readonly writable: readonly string[];
  /**
   * What the user of the image can write, and nobody else may look into.
   * @default - none
   */
  readonly private?: readonly string[] | undefined;
  /**
   * Variables that the container has unless it is started with others.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * What comes from other stages.
   * @default - nothing
   */
  readonly copies?: readonly CopiedFolder[] | undefined;
  /** The program that says whether the container can do its work, and when it runs. */
  readonly probe: { readonly program: string; readonly timing: ProbeTiming };
  /** Folder of the image's own programs, below the build context. */
  readonly parts: string;
}

const VENV = "/opt/venv";
const PARTS = "/opt/image";

/**
 * What is compiled is known by its source's hash, and not by the time: the same bytes at each build. `pip` does so where
 * this is set, and passes over the files of packages that no Python of today compiles.
 */
const BY_HASH = "SOURCE_DATE_EPOCH=0";

/** The stage that becomes the image of a Python server, upon those that it is made from. */
export function runtimeStage(props: RuntimeProps): Stage {
  const base = new BaseImage("PYTHON_IMAGE", props.base);
  const dependencies = dependenciesStage(base, props);
  const program = programStage(dependencies, props);
  const {
    environment,
    user,
    workdir,
    parts,
    copies = [],
    modulePath = [],
    port,
    entry,
    serverOptions = [],
    writable,
    private: hidden = [],
    probe,
  } = props;
  const runtime = new Stage("runtime", {
    from: base,
    comment: "What is run: no compiler, and nothing that the program could change but its data.",
  })
    .env({
      PATH: `${VENV}/bin:\${PATH}`,
      ...(modulePath.length === 0 ? {} : { PYTHONPATH: modulePath.join(":") }),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      ...environment,
    })
    .copy(VENV, VENV, { from: dependencies })
    .copy(workdir, workdir, { from: program });
  for (const { from, source, target } of copies) runtime.copy(source, target, { from });
  return runtime
    .copy(
      ["entrypoint.py", "contract.json", "ready.py"].map((name) => `${parts}/${name}`),
      `${PARTS}/`,
    )
    .run(
      [
        `groupadd --gid ${user.id} ${user.name}`,
        [
          `useradd --uid ${user.id} --gid ${user.id} --no-create-home --home-dir /tmp`,
          `--shell /usr/sbin/nologin ${user.name}`,
        ],
        `chmod -R u=rwX,go=rX ${PARTS}`,
        [`install --directory --owner=${user.name} --group=${user.name}`, ...writable],
        ...(hidden.length === 0
          ? []
          : [[`install --directory --mode=0700 --owner=${user.name} --group=${user.name}`, ...hidden]]),
      ],
      { comment: "A volume that is mounted for the first time gets the owner of the folder that it covers." },
    )
    .workdir(workdir)
    .user(`${user.id}:${user.id}`)
    .expose(port)
    .stopSignal("SIGTERM")
    .healthcheck(["python", `${PARTS}/ready.py`], probe.timing)
    .entrypoint(["python", `${PARTS}/entrypoint.py`])
    .cmd(["uvicorn", `${entry}:app`, "--host", "0.0.0.0", "--port", `${port}`, ...serverOptions])
    .arg(new BuildArg("VERSION", "unknown"), new BuildArg("REVISION", "unknown"), new BuildArg("CREATED", "unknown"))
    .label({
      ...Object.fromEntries(Object.entries(props.labels).map(([name, value]) => [oci(name), value])),
      [oci("base.name")]: props.base.toString(),
      [oci("version")]: "${VERSION}",
      [oci("revision")]: "${REVISION}",
      [oci("created")]: "${CREATED}",
    });
}

/** What the program needs of others, exactly as it is locked. */
function dependenciesStage(base: BaseImage, { parts, requirements, packages }: RuntimeProps): Stage {
  const stage = new Stage("dependencies", { from: base, comment: "What the program needs of others." });
  const sources = builtFromSource(packages);
  if (sources.length > 0) {
    stage.run(
      [
        "apt-get update",
        "apt-get install --yes --no-install-recommends build-essential",
        "rm -rf /var/lib/apt/lists/*",
      ],
      { comment: `There is no wheel of ${sources.join(", ")}.` },
    );
  }
  const binary = ["--only-binary=:all:", ...sources.map((name) => `--no-binary=${name}`)];
  const asked = requirements.map((path) => [path, `/tmp/${path}`] as const);
  return stage.run(
    [
      ["python /tmp/locked.py /tmp/requirements.lock", ...asked.map(([, mounted]) => mounted)],
      `python -m venv --without-pip ${VENV}`,
      [
        `${BY_HASH} pip --python ${VENV}/bin/python install --disable-pip-version-check --root-user-action=ignore`,
        `--no-deps --require-hashes ${binary.join(" ")}`,
        "--requirement /tmp/requirements.lock",
      ],
    ],
    {
      comment: "Exactly what is locked, and only while that is what the project asks for. pip itself stays behind.",
      mounts: [
        BuildMount.cache("/root/.cache/pip"),
        BuildMount.secret("pip.conf", "/etc/pip.conf"),
        BuildMount.bind(`${parts}/locked.py`, "/tmp/locked.py"),
        BuildMount.bind(`${parts}/requirements.lock`, "/tmp/requirements.lock"),
        ...asked.map(([path, mounted]) => BuildMount.bind(path, mounted)),
      ],
    },
  );
}

/** The program, and the proof that whatever it imports is there. */
function programStage(dependencies: Stage, props: RuntimeProps): Stage {
  const { parts, program, workdir, modulePath = [], entry } = props;
  const inside = parts.startsWith(`${program}/`) ? [`rm -r ${parts.slice(program.length + 1)}`] : [];
  const folders = [".", ...modulePath].join(" ");
  return new Stage("program", {
    from: dependencies,
    comment: "The program. The build ends here when it imports what was not installed.",
  })
    .workdir(workdir)
    .copy(`${program}/`, "./")
    .run(
      [
        ...inside,
        `${VENV}/bin/python /tmp/imports.py ${folders} --entry ${entry} --needs uvicorn`,
        `${BY_HASH} ${VENV}/bin/python -m compileall -q .`,
        "chmod -R u=rwX,go=rX .",
      ],
      { mounts: [BuildMount.bind(`${parts}/imports.py`, "/tmp/imports.py")] },
    );
}

function oci(name: string): string {
  return `org.opencontainers.image.${name}`;
}
