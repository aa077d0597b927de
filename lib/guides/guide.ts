import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { brand } from "../construct/brand";
import { madeBy } from "../construct/made-by";
import { memoize } from "../construct/memoize";
import type { SynthesisContext } from "../construct/synth/context";
import { descendants } from "../construct/walk";
import type { EnvTemplate } from "../env/template";
import { type GuideFacts, guideFacts } from "./facts";
import type { GuidePage } from "./page";
import { pageText } from "./page-text";

const [mark, isGuide] = brand<Guide>("Guide");

/** What a guide is about, and where it is written. */
export interface GuideProps {
  /** The template of the deployment's `.env`: it knows which files run, and which variables they read. */
  readonly env: EnvTemplate;
  /**
   * Path of the file below the output directory.
   * @default - each guide has its own, in `Documentation/`
   */
  readonly fileName?: string | undefined;
  /**
   * Makes another page of the one that the guide would be: with more chapters, other words, or another language.
   * @default - the page as it is
   */
  readonly page?: ((facts: GuideFacts, page: GuidePage) => GuidePage) | undefined;
}

/**
 * A page for people, written at synthesis from the finished files of a deployment: what it says of services, variables,
 * ports and volumes is what the files say. Links lead to the other guides of the same template.
 */
export class Guide extends Artifact {
  static isGuide = isGuide;

  private readonly env: EnvTemplate;
  private readonly makePage: (facts: GuideFacts) => GuidePage;

  constructor(
    scope: Construct,
    id: string,
    { env, fileName, page: change = (_, page) => page }: GuideProps & { readonly fileName: string },
    page: (facts: GuideFacts) => GuidePage,
  ) {
    super(scope, id, { fileName, content: (context) => this.text(context) });
    mark(this);
    this.env = env;
    this.makePage = memoize((facts) => change(facts, page(facts)));
  }

  /** The page as data: tests run its commands, translations follow its ids. */
  page(context: SynthesisContext): GuidePage {
    return this.makePage(guideFacts(context, this.env));
  }

  private text(context: SynthesisContext): string {
    const facts = guideFacts(context, this.env);
    const guides = descendants(this.node.root).filter((construct) => isGuide(construct));
    const placed = guides
      .filter(({ env }) => env === this.env)
      .map((guide) => ({ guide, fileName: guide.fileName, page: guide.makePage(facts) }));
    const own = placed.find(({ guide }) => guide === this);
    return own === undefined ? "" : pageText(own, placed, madeBy(this));
  }
}
