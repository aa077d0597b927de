// @ts-check
// Three things that typedoc does not do by itself: a page of a document is named by its first heading and not by its path,
// an entry by the words that import it, and what it exports stands under what it is for.
import { Comment, CommentTag, Converter, ReflectionKind } from "typedoc";

/**
 * The folder or file below `lib` that something is declared in → what it is for. The first that fits counts.
 *
 * @type {readonly (readonly [place: RegExp, category: string])[]}
 */
const CATEGORIES = [
  [/^lamb\/(guides)\//, "Guides"],
  [/^lamb\/images\/.*overlay/, "LAMB"],
  [/^(images|lamb\/images)\//, "Images"],
  [/^lamb\//, "LAMB"],
  [/^guides\//, "Guides"],
  [/^policy\/rules\/|^policy\/(production|hardening)/, "Rules"],
  [/^policy\//, "Policies and reports"],
  [/^(report|disk)\/|^construct\/errors|\/error\.ts$/, "Errors and findings"],
  [/^env\/|^construct\/(env-|secret)/, "Variables and secrets"],
  [/^construct\/image\//, "Images"],
  [/^construct\/(app|artifact|compose-file|overlay|synth)|^cli\//, "Programs and files"],
  [/^construct\//, "Services and what they use"],
  [/^compose\/(inspect)\//, "Questions to a project"],
  [/^compose\/(range|version)/, "Releases of Docker Compose"],
  [/^compose\//, "What Compose does"],
  [/^spec\//, "The Compose Specification"],
  [/^testing\//, "Tests of programs"],
];

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const page of context.project.getReflectionsByKind(ReflectionKind.Document)) {
      const text = page.isDocument() ? page.content.map((part) => part.text).join("") : "";
      const title = /^# (.+)$/m.exec(text)?.[1];
      if (title !== undefined) page.name = title;
    }
    for (const entry of context.project.getReflectionsByKind(ReflectionKind.Module)) {
      if (!entry.isDeclaration()) continue;
      entry.name = entry.name === "index" ? "lamb-compose" : `lamb-compose/${entry.name}`;
      for (const exported of entry.children ?? []) {
        const [declaration] = context.getSymbolFromReflection(exported)?.declarations ?? [];
        categorize(exported, declaration?.getSourceFile().fileName ?? "");
      }
    }
  });
}

/**
 * Says of an export what it is for. Typedoc asks the signatures of a function.
 *
 * @param {import("typedoc").DeclarationReflection} exported
 * @param {string} path of the file that declares it
 */
function categorize(exported, path) {
  const place = path.slice(path.lastIndexOf("/lib/") + "/lib/".length);
  const category = CATEGORIES.find(([pattern]) => pattern.test(place))?.[1];
  if (category === undefined) return;
  for (const one of [exported, ...(exported.signatures ?? [])]) {
    one.comment ??= new Comment();
    one.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: category }]));
  }
}
