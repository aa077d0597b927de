import { describe, expect, it } from "vitest";
import { distributionOf, normalizedName } from "../../../lib/operate/dependencies/distributions";
import { importedRequirements, requirementLines } from "../../../lib/operate/dependencies/requirements";
import { thrownBy } from "../../construct/support";

const imports = (...names: readonly string[]) =>
  names.map((text) => {
    const [module = "", name = null] = text.split(":");
    return { module, name, places: [] };
  });

describe("what a project asks for", () => {
  it("is a line each in requirements.txt", () => {
    const text =
      "# web\nfastapi==0.111.0\n  uvicorn[standard]==0.31.1   # the server\n\n-r more.txt\n--index-url https://x\nPyJWT[crypto]";
    expect(requirementLines("requirements.txt", text)).toEqual([
      "fastapi==0.111.0",
      "uvicorn[standard]==0.31.1",
      "PyJWT[crypto]",
    ]);
  });

  it("is in pyproject.toml with its optional groups", () => {
    const text =
      '[project]\nname = "x"\ndependencies = ["a>=1"]\n[project.optional-dependencies]\nmore = ["b[all]>=2"]\n';
    expect(requirementLines("pyproject.toml", text)).toEqual(["a>=1", "b[all]>=2"]);
    expect(requirementLines("pyproject.toml", '[project]\nname = "x"\n')).toEqual([]);
  });
});

describe("the package of a module", () => {
  it.each([
    ["requests", null, undefined],
    ["PIL", "Image", "Pillow"],
    ["yaml", null, "PyYAML"],
    ["google", "genai", "google-genai"],
    ["google.genai", "types", "google-genai"],
    ["passlib.context", "CryptContext", undefined],
    ["constructor", null, undefined],
  ])("of %s and %s is %s", (module, name, distribution) => {
    expect(distributionOf(module, name)).toBe(distribution);
  });

  it("has one spelling", () => {
    expect(["Python.Multipart", "python_multipart", "python--multipart"].map(normalizedName)).toEqual(
      Array(3).fill("python-multipart"),
    );
  });
});

describe("the requirements that imports need", () => {
  const asked = [
    "fastapi==0.111.0",
    "PyJWT[crypto]",
    "passlib==1.7.4",
    "passlib[bcrypt]==1.7.4",
    "torch==2.3.1",
    "google_genai==1",
  ];

  it("are the project's own lines, with versions and extras, and no others", () => {
    expect(
      importedRequirements(imports("fastapi:FastAPI", "jwt", "passlib.context:CryptContext", "google:genai"), asked),
    ).toEqual(["fastapi==0.111.0", "PyJWT[crypto]", "passlib==1.7.4", "passlib[bcrypt]==1.7.4", "google_genai==1"]);
  });

  it("are names alone where the project does not name what it imports", () => {
    expect(importedRequirements(imports("fastapi", "yaml", "yaml:safe_load"), asked)).toEqual([
      "fastapi==0.111.0",
      "PyYAML",
    ]);
  });

  it("are not what somebody might publish under the name of a module that nobody asked for", () => {
    const error = thrownBy(() =>
      importedRequirements(
        [
          { module: "backend.lamb", name: "x", places: ["bulk.py:3", "far.py:1"] },
          { module: "backend", name: null, places: ["bulk.py:3"] },
          { module: "requests", name: null, places: ["main.py:1"] },
          { module: "fastapi", name: null, places: ["main.py:2"] },
        ],
        asked,
      ),
    );
    expect(error).toMatchObject({ code: "unknown-import", value: "backend (bulk.py:3), requests (main.py:1)" });
  });
});
