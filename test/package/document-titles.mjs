// @ts-check
// Names each page of the API documentation by its first heading: without this plugin of typedoc it has its path for a name.
import { Converter, ReflectionKind } from "typedoc";

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const page of context.project.getReflectionsByKind(ReflectionKind.Document)) {
      const text = page.isDocument() ? page.content.map((part) => part.text).join("") : "";
      const title = /^# (.+)$/m.exec(text)?.[1];
      if (title !== undefined) page.name = title;
    }
  });
}
