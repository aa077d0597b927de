import { lockStep } from "../../../lib/policy/rules/lock-step";
import { describeRule } from "../support";

const two = (image: string, other: string) => ({ services: { a: { image }, web: { image: other } } });
const AT = ["next/web", "services.web.image"] as [string, string];
const DIGEST = `sha256:${"0".repeat(64)}`;

describeRule(
  lockStep((repository) => repository.startsWith("registry.example/lamb/")),
  {
    breaks: [
      ["two versions", two("registry.example/lamb/a:v1", "registry.example/lamb/b:v2"), AT],
      [
        "a variable and its default, of which one moves",
        two("registry.example/lamb/a:${V:-v1}", "registry.example/lamb/b:v1"),
        AT,
      ],
      ["a version beside a digest", two("registry.example/lamb/a:v1", `registry.example/lamb/b:v2@${DIGEST}`), AT],
      [
        "an overlay that moves one of them",
        {
          ...two("registry.example/lamb/a:v1", "registry.example/lamb/b:v1"),
          overlay: { web: { image: "registry.example/lamb/b:v2" } },
        },
        ["next/later/web", "services.web.image"],
      ],
    ],
    holds: [
      ["one version", two("registry.example/lamb/a:v1", "registry.example/lamb/b:v1")],
      ["one variable", two("registry.example/lamb/a:${V:-v1}", "registry.example/lamb/b:${V:-v1}")],
      ["a registry that is a variable", two("${R:-registry.example}/lamb/a:v1", "registry.example/lamb/b:v1")],
      [
        "a digest, of which no version is known",
        two("registry.example/lamb/a:v1", `registry.example/lamb/b@${DIGEST}`),
      ],
      ["other families", two("registry.example/lamb/a:v1", "registry.example/other:v2")],
    ],
  },
);
