/**
 * A text in which every `$` reaches the container as it is: Compose reads `$$` as `$`. Variables of this library in it
 * stay variables.
 */
export function escapeDollar(text: string): string {
  return text.replace(/\$(?!\{lamb-compose:)/g, "$$$$");
}
