const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // Otherwise a reader would turn it into a line feed.
  '\r': '&#13;',
};

/** All characters that XML 1.0 forbids, even escaped. */
const FORBIDDEN = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Escapes text as the content of an element. Characters that XML 1.0 forbids (most control characters, lone surrogates)
 * become U+FFFD, since a single one would make the whole file invalid.
 *
 * @source https://www.w3.org/TR/xml/#charsets
 */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>\r]/g, (character) => entities[character] as string);
}
