const UNTOUCHED = /^[\w.@-]+$/;

/**
 * Writes an id or a code so that no text format takes any of it for punctuation: letters and digits of ASCII, `_`, `.`,
 * `@` and `-` stay, every other byte is written as in a URL. `decodeURIComponent` gives it back, except half a character,
 * which may stand in free text and which no text can be written with.
 */
export function plainText(name: string): string {
  if (UNTOUCHED.test(name)) return name;
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@');
}
