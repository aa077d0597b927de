import { expect, it } from "vitest";
import { LOCKED } from "../../../lib/images/generated/programs";
import { describeWith, run } from "../../support/tools";
import { folderOf } from "./support";

/** What the check says of a lock and of what the project asks for. */
function check(lock: string, requirements: string, name = "requirements.txt") {
  const cwd = folderOf({ "locked.py": LOCKED, "requirements.lock": lock, [name]: requirements });
  const { status, stderr } = run("python3", ["locked.py", "requirements.lock", name], { cwd });
  return { status, said: stderr };
}

const LOCK = `# Made by a machine.
fastapi==0.111.0 \\
    --hash=sha256:${"0".repeat(64)}
python-multipart==0.0.9 ; platform_machine == "x86_64" \\
    --hash=sha256:${"1".repeat(64)}
uvicorn==0.31.1 \\
    --hash=sha256:${"2".repeat(64)}
`;

describeWith("python-pip", "the check of a lock against what the project asks for", () => {
  it.each([
    ["the same versions", "fastapi==0.111.0\nuvicorn[standard]==0.31.1\n"],
    ["ranges that they are in", "fastapi>=0.100,<1\npython_multipart # any\n"],
    ["what is not locked, because nothing imports it", "torch==2.3.1\nfastapi\n"],
    ["other spellings of a name", "FastAPI==0.111.0\nPython.Multipart>=0.0.9\n"],
    ["a requirement for another Python", 'fastapi==9 ; python_version < "3"\n'],
    ["options and empty lines", "--index-url https://x.example/\n\n-r other.txt\nfastapi\n"],
  ])("takes %s", (_, requirements) => {
    expect(check(LOCK, requirements)).toEqual({ status: 0, said: "" });
  });

  it("says each version that is none that is asked for", () => {
    expect(check(LOCK, "fastapi==0.112.0\nuvicorn>=0.40\npython-multipart==0.0.9\n")).toEqual({
      status: 1,
      said: [
        "requirements.txt asks for fastapi==0.112.0, and the lock has 0.111.0",
        "requirements.txt asks for uvicorn>=0.40, and the lock has 0.31.1",
        "Renew the lock with lamb-compose dependencies.",
        "",
      ].join("\n"),
    });
  });

  it("reads a pyproject.toml, its groups included", () => {
    const project =
      '[project]\nname = "x"\ndependencies = ["fastapi>=0.100"]\n[project.optional-dependencies]\nmore = ["uvicorn==1"]\n';
    expect(check(LOCK, project, "pyproject.toml").said).toContain("asks for uvicorn==1, and the lock has 0.31.1");
  });
});
