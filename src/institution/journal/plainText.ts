const UNTOUCHED = /^[\w.@-]+$/;

/**
 * Escapes an id or a code so that it contains no punctuation of any text format: ASCII letters and digits, `_`, `.`,
 * `@` and `-` are kept, every other byte is percent-encoded. `decodeURIComponent` restores it, except for a lone
 * surrogate, which free text may contain and no file can encode.
 */
export function plainText(name: string): string {
  if (UNTOUCHED.test(name)) return name;
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@');
}
