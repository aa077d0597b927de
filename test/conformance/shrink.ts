import type { Answer, Case } from "./case";
import { type Generated, toCase } from "./generate";
import { Raw, Tagged, type Value, type ValueMap } from "./grammar";
import { ask } from "./judge";

type Agrees = (question: Case, compose: Answer, own: Answer) => boolean;

function isPlainMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Raw) && !(value instanceof Tagged);
}

/** The value with one part less, all ways. */
function* smaller(value: Value): Generator<Value> {
  if (value instanceof Tagged) {
    for (const inner of smaller(value.value)) yield new Tagged(value.tag, inner);
  } else if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.filter((_, i) => i !== index);
    for (const [index, item] of value.entries()) {
      for (const less of smaller(item)) yield value.map((other, i) => (i === index ? less : other));
    }
  } else if (isPlainMap(value)) {
    const entries = Object.entries(value);
    for (const [key] of entries) yield Object.fromEntries(entries.filter(([other]) => other !== key));
    for (const [key, inner] of entries) {
      for (const less of smaller(inner)) yield Object.fromEntries(entries.map(([k, v]) => [k, k === key ? less : v]));
    }
  }
}

function* smallerProjects(project: Generated): Generator<Generated> {
  const { documents } = project;
  if (project.profiles.length > 0) yield { ...project, profiles: [] };
  if ((project.flags ?? []).length > 0) yield { ...project, flags: [] };
  for (const index of documents.keys()) {
    if (documents.length > 1) yield { ...project, documents: documents.filter((_, i) => i !== index) };
  }
  for (const [index, document] of documents.entries()) {
    for (const less of smaller(document)) {
      if (isPlainMap(less)) yield { ...project, documents: documents.map((other, i) => (i === index ? less : other)) };
    }
  }
}

/** Takes parts away while the two sides still disagree. */
export async function shrink(project: Generated, name: string, agrees: Agrees, ours: (question: Case) => Answer): Promise<Case> {
  let best = project;
  const disagrees = async (candidate: Generated) => {
    const question = toCase(candidate, name);
    return !agrees(question, await ask(question), ours(question));
  };
  for (let found = true, tries = 0; found && tries < 2000; ) {
    found = false;
    for (const candidate of smallerProjects(best)) {
      tries++;
      if (!(await disagrees(candidate))) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return toCase(best, name);
}
