/** A request of a terminal, in its parts. */
export type Sip2Request = {
  /** The two digits of the request's type, e.g. `37` for Fee Paid. */
  readonly code: string;
  /** The whole message, without a sequence number and checksum. */
  readonly text: string;
  /** The part of fixed length, after the code; empty for a message that is not about fees. */
  readonly fixed: string;
  /** The fields of variable length, by their two letters. */
  readonly fields: ReadonlyMap<string, string>;
  /** The digit of the sequence number; `undefined` if the terminal sends none. */
  readonly sequence: string | undefined;
  /** Whether the terminal sent a checksum, and so expects one. */
  readonly hasChecksum: boolean;
};

/** A message that cannot be read. */
export type Unreadable = {
  /** No code. */
  readonly code: undefined;
  /** Whether it has a checksum, right or wrong. */
  readonly hasChecksum: boolean;
};

/** The length of the fixed part of each request that is answered here, after the code. */
const fixedLengths: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['23', 21],
  ['35', 18],
  ['37', 25],
  ['63', 31],
  ['93', 2],
  ['97', 0],
  ['99', 8],
]);

/** The length of `AZ` and four hexadecimal digits. */
const CHECKSUM_LENGTH = 6;

/** The length of `AY` and one digit. */
const SEQUENCE_LENGTH = 3;

/**
 * Reads one message without its line end.
 *
 * @returns the request; without a code if it cannot be read: no code of two digits, a wrong or cut checksum, or, in a request
 * that is answered here, too short or a field twice
 */
export function readSip2Request(message: Uint8Array, encoding: Sip2Encoding): Sip2Request | Unreadable {
  const { body, sequence, hasChecksum, isIntact } = trailerOf(message);
  const unreadable = { code: undefined, hasChecksum };
  if (!isIntact) return unreadable;
  const text = decoded(body, encoding);
  const code = text.slice(0, 2);
  if (!/^\d\d$/.test(code)) return unreadable;
  const length = fixedLengths.get(code);
  const parts =
    length === undefined ? { fixed: '', fields: new Map<string, string>() } : partsOf(text, length);
  return parts === undefined ? unreadable : { code, text, ...parts, sequence, hasChecksum };
}

/**
 * Separates a message into its part of fixed length and its fields; `undefined` if it is too short or has a field
 * twice.
 */
export function partsOf(
  text: string,
  fixedLength: number,
): Pick<Sip2Request, 'fixed' | 'fields'> | undefined {
  if (text.length < 2 + fixedLength) return undefined;
  const fields = fieldsOf(text.slice(2 + fixedLength));
  return fields === undefined ? undefined : { fixed: text.slice(2, 2 + fixedLength), fields };
}

/** Reads fields that are separated by bars; `undefined` if one comes twice, because either could be meant. */
function fieldsOf(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const field of text.split('|')) {
    const id = field.slice(0, 2);
    if (id.length < 2) continue;
    if (fields.has(id)) return undefined;
    fields.set(id, field.slice(2));
  }
  return fields;
}

/** How far from its end the trailer of a message is looked for: some terminals end it with blanks, NULs or empty fields. */
const TRAILER_LENGTH_MAX = 32;

/** The end of a message whose checksum is cut: `AZ` after the last bar or `AY`, with fewer than four digits. */
const CUT_CHECKSUM = /\|(?:AY\d)?AZ[\dA-F]{0,3}[^\dA-Z]*$|^[^|]*AY\dAZ[\dA-F]{0,3}[^\dA-Z|]*$/i;

/** Separates `AY`, the sequence number, and `AZ`, the checksum, from the end of a message, and checks the checksum. */
function trailerOf(bytes: Uint8Array) {
  const end = ascii(bytes, Math.max(0, bytes.length - TRAILER_LENGTH_MAX), TRAILER_LENGTH_MAX);
  // Half of a checksum is a message that was cut, and must not be taken for one without a checksum.
  if (CUT_CHECKSUM.test(end)) return { body: bytes, sequence: undefined, hasChecksum: true, isIntact: false };
  const more = /AY\dAZ[\dA-F]{4}([^\dA-Z]+)$/i.exec(end)?.[1]?.length ?? 0;
  const message = bytes.subarray(0, bytes.length - more);
  const withChecksum = message.length - CHECKSUM_LENGTH;
  const hasChecksum = withChecksum > 0 && ascii(message, withChecksum, 2) === 'AZ';
  if (!hasChecksum) return { body: message, sequence: undefined, hasChecksum, isIntact: true };
  const sent = ascii(message, withChecksum + 2, CHECKSUM_LENGTH - 2).toUpperCase();
  const isIntact = sent === sip2Checksum(message.subarray(0, withChecksum + 2));
  const withSequence = withChecksum - SEQUENCE_LENGTH;
  const digit = withSequence > 0 ? ascii(message, withSequence + 2, 1) : '';
  const hasSequence = digit >= '0' && digit <= '9' && ascii(message, withSequence, 2) === 'AY';
  return {
    body: message.subarray(0, hasSequence ? withSequence : withChecksum),
    sequence: hasSequence ? digit : undefined,
    hasChecksum,
    isIntact,
  };
}

/** Reads a few bytes as ASCII. */
function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/**
 * Returns the checksum of a message up to and including `AZ`: the sum of its bytes, negated, as four hexadecimal
 * digits.
 *
 * @source 3M Standard Interchange Protocol, version 2.00, "Checksum"
 */
export function sip2Checksum(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xffff;
  return (-sum & 0xffff).toString(16).toUpperCase().padStart(4, '0');
}

/** A response before it is written. A field without a value is left out. */
export type Sip2Response = {
  /** The code and the part of fixed length. */
  readonly head: string;
  /** The fields of variable length, in order; a list is the same field several times. */
  readonly fields?: readonly (readonly [id: string, value: string | readonly string[] | undefined])[];
};

/** How a response is written: as the terminal wrote its request. */
export type Sip2Writing = {
  /** How text is stored in bytes. */
  readonly encoding: Sip2Encoding;
  /** The end of each message. */
  readonly lineEnd: string;
};

/** The longest value of a field. The protocol has 255 characters. */
const VALUE_LENGTH_MAX = 255;

/** Writes a response, with a sequence number and a checksum if the request had them. */
export function writeSip2Response(
  { head, fields = [] }: Sip2Response,
  request: Pick<Sip2Request, 'sequence' | 'hasChecksum'>,
  { encoding, lineEnd }: Sip2Writing,
): Uint8Array {
  const parts = [head];
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    const values = typeof value === 'string' ? [value] : value;
    for (const one of values) parts.push(`${id}${fieldText(one)}|`);
  }
  if (request.sequence !== undefined) parts.push(`AY${request.sequence}`);
  if (request.hasChecksum) parts.push('AZ');
  const text = encoded(parts.join(''), encoding);
  const end = request.hasChecksum ? sip2Checksum(text) + lineEnd : lineEnd;
  const bytes = new Uint8Array(text.length + end.length);
  bytes.set(text);
  bytes.set(encoded(end, encoding), text.length);
  return bytes;
}

const BAR = 0x7c;
const DELETE = 0x7f;

/** Returns a value without bars and control characters, which would end the field or the message. */
function fieldText(value: string): string {
  let text = '';
  let length = 0;
  for (const character of value) {
    if (length === VALUE_LENGTH_MAX) break;
    const code = character.codePointAt(0) as number;
    const isPlain = code >= 0x20 && code !== BAR && (code < DELETE || code > 0x9f);
    text += isPlain ? character : ' ';
    length += 1;
  }
  return text;
}

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
