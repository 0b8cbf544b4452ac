import type { SaxesParser, SaxesTagNS } from 'saxes';
import { NotUtf8, type TextSource, textPieces } from './csvRows.js';
import { declaredText, isReadableEncoding } from './declaredText.js';

/** The maximum depth of nested elements. No format that is read needs more. */
const DEPTH_MAX = 32;

/** The maximum length of text without a tag. Longer text is not a title but an attempt to fill the memory. */
const PIECE_LENGTH_MAX = 1_000_000;

const BITE_LENGTH = 1_024;

const UTF8 = /^utf-?8$/i;

/** Why a file cannot be read any further. */
export type BrokenFile = {
  readonly line: number;
  readonly broken: { readonly expected: string; readonly found: string };
};

/** What a reader of a format is given. */
type XmlContext<Reading> = {
  /** The names of the open elements, the outermost first. */
  readonly open: readonly string[];
  /** Yields a reading. Ignored after a fault. */
  readonly emit: (reading: Reading) => void;
  /** Refuses the rest of the file. */
  readonly refuse: (expected: string, found: string) => void;
  /** The line that is being read. */
  readonly line: () => number;
};

/** A reader of a format. An element is the last one of `open` when it is opened and when it is closed. */
type XmlHandlers = {
  readonly opening?: (name: string) => void;
  readonly opened: (tag: SaxesTagNS) => void;
  readonly text: (content: string) => void;
  readonly closed: () => void;
};

/** A format. */
type XmlForm = {
  /** The names of the outermost element. */
  readonly roots: readonly string[];
  /** Whether the names of a namespace are those of the format; other names begin with `{namespace}`. */
  readonly isNamespace: (uri: string) => boolean;
  /** Whether files may have any encoding that they declare; otherwise UTF-8. */
  readonly anyEncoding?: boolean;
};

/**
 * Reads an XML file piece by piece. Refuses document type declarations, and with them all attacks that use them: entity
 * expansion, external files. Nothing that is read grows with the file.
 *
 * @returns what the handlers emit; last a broken file, if there is a fault
 */
export async function* readXml<Reading>(
  source: TextSource,
  form: XmlForm,
  handlersOf: (context: XmlContext<Reading>) => XmlHandlers,
): AsyncGenerator<Reading | BrokenFile> {
  const { SaxesParser } = await import('saxes');
  const reader = xmlReader(new SaxesParser({ xmlns: true }), form, handlersOf);
  try {
    for await (const piece of form.anyEncoding ? declaredText(source) : textPieces(source)) {
      reader.write(piece);
      yield* reader.taken();
      if (reader.isBroken()) return;
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    reader.refuse(form.anyEncoding ? 'a file in the encoding it declares' : 'a file in UTF-8', error.message);
  }
  reader.close();
  yield* reader.taken();
}

function xmlReader<Reading>(
  parser: SaxesParser<{ xmlns: true }>,
  { roots, isNamespace, anyEncoding = false }: XmlForm,
  handlersOf: (context: XmlContext<Reading>) => XmlHandlers,
) {
  let readings: (Reading | BrokenFile)[] = [];
  let isBroken = false;
  let sinceElement = 0;
  const open: string[] = [];
  const refuse = (expected: string, found: string) => {
    if (isBroken) return;
    isBroken = true;
    readings.push({ line: parser.line, broken: { expected, found } });
  };
  const emit = (reading: Reading) => {
    if (!isBroken) readings.push(reading);
  };
  const handlers = handlersOf({ open, emit, refuse, line: () => parser.line });

  parser.on('error', ({ message }) => refuse('well-formed XML', message));
  parser.on('doctype', () => refuse('no document type', 'a DOCTYPE'));
  parser.on('xmldecl', ({ encoding = 'UTF-8' }) => {
    if (!(anyEncoding ? isReadableEncoding(encoding) : UTF8.test(encoding)))
      refuse('the encoding UTF-8', encoding.slice(0, 40));
  });
  parser.on('opentag', (tag) => {
    sinceElement = 0;
    const name = tag.uri === '' || isNamespace(tag.uri) ? tag.local : `{${tag.uri}}${tag.local}`;
    if (open.length === 0 && !roots.includes(name))
      refuse(`an element ${roots.join(' or ')}`, name.slice(0, 80));
    handlers.opening?.(name);
    open.push(name);
    if (open.length > DEPTH_MAX) refuse(`elements at most ${DEPTH_MAX} deep`, 'deeper ones');
    handlers.opened(tag);
  });
  parser.on('text', handlers.text);
  parser.on('cdata', handlers.text);
  parser.on('closetag', () => {
    sinceElement = 0;
    handlers.closed();
    open.pop();
  });

  return {
    refuse,
    write(piece: string): void {
      // In small pieces: the parser continues after a fault, and is very slow on deep nesting.
      for (let at = 0; at < piece.length && !isBroken; at += BITE_LENGTH) {
        const bite = piece.slice(at, at + BITE_LENGTH);
        sinceElement += bite.length;
        parser.write(bite);
        if (sinceElement > PIECE_LENGTH_MAX) refuse('elements', `${sinceElement} characters without one`);
      }
    },
    close(): void {
      parser.close();
    },
    isBroken: () => isBroken,
    /** Returns the readings since the last call; nothing more after a fault. */
    taken(): readonly (Reading | BrokenFile)[] {
      const taken = readings;
      readings = [];
      return taken;
    },
  };
}
