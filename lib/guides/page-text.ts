import { pathFrom } from "../env/contract";
import { anchorOf, fenced, list, paragraphs, prose, shell, table } from "./markdown";
import type { GuideBlock, GuideChapter, GuidePage } from "./page";

/** A page, and the file that it is written to. */
export interface PlacedPage {
  readonly fileName: string;
  readonly page: GuidePage;
}

/**
 * A page in Markdown.
 *
 * @param others the pages that links can lead to
 * @param madeBy how the text was made
 */
export function pageText(own: PlacedPage, others: readonly PlacedPage[], madeBy: string): string {
  const { title, intro, chapters } = own.page;
  const linked = (text: string) => withLinks(text, own, others);
  const text = paragraphs(
    `# ${title}`,
    `<!-- ${madeBy} -->`,
    prose(linked(withoutOthers(intro, own, others))),
    list(chapters.map((chapter) => `[${chapter.title}](#${anchorOf(chapter.title)})`)),
    ...chapters.map((chapter) => chapterText(chapter, linked)),
  );
  return `${text}\n`;
}

function chapterText({ title, blocks }: GuideChapter, linked: (text: string) => string): string {
  return paragraphs(`## ${title}`, ...blocks.map((block) => blockText(block, linked)));
}

function blockText(block: GuideBlock, linked: (text: string) => string): string {
  if (typeof block === "string") return prose(linked(block));
  if ("heading" in block) return `### ${block.heading}`;
  if ("list" in block) return list(block.list.map(linked));
  if ("steps" in block) return list(block.steps.map(linked), true);
  if ("head" in block) {
    return table(
      block.head,
      block.rows.map((row) => row.map(linked)),
    );
  }
  if ("mermaid" in block) return fenced("mermaid", block.mermaid.trimEnd().split("\n"));
  const { id, lines, output } = block;
  return paragraphs(shell(id, ...lines), ...(output === undefined ? [] : [fenced("text", output)]));
}

/** Without the sentences about pages that a program does not write. */
function withoutOthers(intro: string, own: PlacedPage, others: readonly PlacedPage[]): string {
  const isThere = (id: string) => id === own.page.id || others.some(({ page }) => page.id === id);
  const pagesIn = (text: string) => [...text.matchAll(/\]\(([a-z-]+)[#)]/g)].map(([, id = ""]) => id);
  const sentences = intro.split(/(?<=\.) /);
  return sentences.filter((sentence) => pagesIn(sentence).every(isThere)).join(" ");
}

/** Links by ids as links by files and headings. One to a page or chapter that is not there is its words alone. */
function withLinks(text: string, own: PlacedPage, others: readonly PlacedPage[]): string {
  return text.replaceAll(
    /\[([^\]]*)\]\(([a-z-]*)(?:#([a-z0-9-]+))?\)/g,
    (_, words: string, page: string, id?: string) => {
      const target = page === "" ? own : others.find((other) => other.page.id === page);
      const chapter = target?.page.chapters.find((one) => one.id === id);
      if (target === undefined || (id !== undefined && chapter === undefined)) return words;
      const file = target === own ? "" : pathFrom(own.fileName, target.fileName);
      return `[${words}](${file}${chapter === undefined ? "" : `#${anchorOf(chapter.title)}`})`;
    },
  );
}
