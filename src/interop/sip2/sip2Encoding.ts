/** Reads and writes text in an encoding of your own, which must not change ASCII. */
export type Sip2Codec = {
  /** Reads text. */
  readonly decode: (bytes: Uint8Array) => string;
  /** Writes text. */
  readonly encode: (text: string) => Uint8Array;
};

/** How the text of messages is stored in bytes. None changes ASCII. */
export type Sip2Encoding = 'utf-8' | 'latin1' | 'cp850' | 'cp437' | Sip2Codec;

/** The characters of the bytes 128 to 255 in the code pages of DOS, which older terminals have. */
const upperHalves = {
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
} as const;

const UPPER_HALF = 128;
const LATIN1_MAX = 0xff;
const QUESTION_MARK = 0x3f;

/** Reads text. */
export function decoded(bytes: Uint8Array, encoding: Sip2Encoding): string {
  if (typeof encoding === 'object') return encoding.decode(bytes);
  if (encoding === 'utf-8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const upper = encoding === 'latin1' ? undefined : upperHalves[encoding];
  let text = '';
  // Not `TextDecoder`, whose "latin1" is Windows-1252 and which has no code pages of DOS.
  for (const byte of bytes)
    text += upper === undefined || byte < UPPER_HALF ? String.fromCharCode(byte) : upper[byte - UPPER_HALF];
  return text;
}

/** Writes text, with a question mark for characters that are not in the encoding. */
export function encoded(text: string, encoding: Sip2Encoding): Uint8Array {
  if (typeof encoding === 'object') return encoding.encode(text);
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const upper = encoding === 'latin1' ? undefined : upperHalves[encoding];
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    if (code < UPPER_HALF) return code;
    if (upper === undefined) return code > LATIN1_MAX ? QUESTION_MARK : code;
    const place = upper.indexOf(character);
    return place < 0 ? QUESTION_MARK : UPPER_HALF + place;
  });
}
