/**
 * Packages by the module that they bring: those that have another name, and those that programs import without asking for
 * them, because another package brings them or a library loads them by itself. The longest name that fits counts:
 * `google.genai` before `google`.
 */
const DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
  ["PIL", "Pillow"],
  ["bcrypt", "bcrypt"],
  ["bs4", "beautifulsoup4"],
  ["cv2", "opencv-python-headless"],
  ["dotenv", "python-dotenv"],
  ["email_validator", "email-validator"],
  ["firecrawl", "firecrawl-py"],
  ["fitz", "PyMuPDF"],
  ["google.genai", "google-genai"],
  ["google.generativeai", "google-generativeai"],
  ["itsdangerous", "itsdangerous"],
  ["jinja2", "Jinja2"],
  ["jose", "python-jose"],
  ["jwt", "PyJWT"],
  ["langchain_text_splitters", "langchain-text-splitters"],
  ["magic", "python-magic"],
  ["multipart", "python-multipart"],
  ["ollama", "ollama"],
  ["openai", "openai"],
  ["pptx", "python-pptx"],
  ["sentence_transformers", "sentence-transformers"],
  ["sklearn", "scikit-learn"],
  ["starlette", "starlette"],
  ["uvicorn", "uvicorn"],
  ["yaml", "PyYAML"],
  ["yt_dlp", "yt-dlp"],
]);

/** The package of a module, or of what is imported from it. `undefined` when it is not known. */
export function distributionOf(module: string, name?: string | null): string | undefined {
  const parts = (name === undefined || name === null ? module : `${module}.${name}`).split(".");
  for (let end = parts.length; end > 0; end--) {
    const found = DISTRIBUTIONS.get(parts.slice(0, end).join("."));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A package's name as every index writes it. @see PEP 503 */
export function normalizedName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
