/**
 * Names of modules whose package has another one. What is not here has the name of its module. The longest name that
 * fits counts: `google.genai` before `google`.
 */
const DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
  ["PIL", "Pillow"],
  ["bs4", "beautifulsoup4"],
  ["cv2", "opencv-python-headless"],
  ["dotenv", "python-dotenv"],
  ["email_validator", "email-validator"],
  ["firecrawl", "firecrawl-py"],
  ["fitz", "PyMuPDF"],
  ["google.genai", "google-genai"],
  ["google.generativeai", "google-generativeai"],
  ["jose", "python-jose"],
  ["jwt", "PyJWT"],
  ["langchain_text_splitters", "langchain-text-splitters"],
  ["magic", "python-magic"],
  ["multipart", "python-multipart"],
  ["pptx", "python-pptx"],
  ["sentence_transformers", "sentence-transformers"],
  ["sklearn", "scikit-learn"],
  ["yaml", "PyYAML"],
  ["yt_dlp", "yt-dlp"],
]);

/** The package of a module, or of what is imported from it. */
export function distributionOf(module: string, name?: string | null): string {
  const parts = (name === undefined || name === null ? module : `${module}.${name}`).split(".");
  for (let end = parts.length; end > 0; end--) {
    const found = DISTRIBUTIONS.get(parts.slice(0, end).join("."));
    if (found !== undefined) return found;
  }
  return parts[0] ?? module;
}

/** A package's name as every index writes it. @see PEP 503 */
export function normalizedName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
