const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** The longest message that is read. Requests are a few hundred bytes long. */
export const MESSAGE_BYTES_MAX = 4_096;

/** A message that is too long to be read. */
export const TOO_LONG = Symbol('too long');

/** Returns whether a byte is a visible character of ASCII. */
function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}

/** Splits pieces of a connection into messages. */
export type MessageSplitter = {
  /** Yields the messages that a piece completes, without their line ends; empty ones are skipped. */
  readonly split: (piece: Uint8Array) => Generator<Uint8Array | typeof TOO_LONG>;
  /** Whether a message has begun and not ended. */
  readonly isOpen: () => boolean;
};

/**
 * Creates a splitter. Messages end with CR, LF or both, and begin with a visible character: terminals send blanks, NUL
 * and telnet commands before it. It never keeps more than one message of the maximum length; it keeps nothing of a
 * longer one, and yields `TOO_LONG` at its end.
 */
export function messageSplitter(): MessageSplitter {
  const kept = new Uint8Array(MESSAGE_BYTES_MAX);
  let length = 0;
  let isTooLong = false;

  const keep = (bytes: Uint8Array) => {
    const start = length > 0 || isTooLong ? 0 : bytes.findIndex(isPrintable);
    if (start < 0) return;
    const part = bytes.subarray(start);
    if (length + part.length > MESSAGE_BYTES_MAX) isTooLong = true;
    if (isTooLong) return;
    kept.set(part, length);
    length += part.length;
  };
  const finish = () => {
    const message = isTooLong ? TOO_LONG : kept.slice(0, length);
    length = 0;
    isTooLong = false;
    return message;
  };

  return {
    *split(piece) {
      let start = 0;
      for (let index = 0; index < piece.length; index++) {
        if (piece[index] !== CARRIAGE_RETURN && piece[index] !== LINE_FEED) continue;
        keep(piece.subarray(start, index));
        start = index + 1;
        const message = finish();
        if (message === TOO_LONG || message.length > 0) yield message;
      }
      keep(piece.subarray(start));
    },
    isOpen: () => length > 0 || isTooLong,
  };
}
