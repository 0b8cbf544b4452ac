// Gives each example that a browser can run a button "Try": the reader changes the code and sees the results. The code
// runs in a worker, which "Stop" ends. The library is loaded when a button is first pressed.
import type { Outcome } from './runExample.js';

declare global {
  interface Window {
    /** Called by the file of the worker, which is a script so that pages opened from a disk can load it too. */
    patronFeesTry(packed: string): Promise<void>;
  }
}

const base = new URL(document.documentElement.dataset.base ?? '.', document.baseURI);

/** The address of the worker's program, once the file is loaded. */
let loaded: Promise<string> | undefined;

function load(): Promise<string> {
  loaded ??= new Promise((resolve, reject) => {
    window.patronFeesTry = async (packed) => {
      const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
      const program = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
      resolve(
        URL.createObjectURL(new Blob([await new Response(program).text()], { type: 'text/javascript' })),
      );
    };
    const script = document.createElement('script');
    script.src = new URL('assets/try-worker.js', base).href;
    script.addEventListener('error', () => {
      loaded = undefined;
      reject(new Error('The file assets/try-worker.js of this site cannot be loaded.'));
    });
    document.head.append(script);
  });
  return loaded;
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  fields: Partial<HTMLElementTagNameMap[Name]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), fields);
  element.append(...children);
  return element;
}

function button(label: string, onPress: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button' }, label);
  made.addEventListener('click', onPress);
  return made;
}

/** Opens an example: a field with its code, the buttons, and the results. */
function open(example: HTMLElement): void {
  const { code = '', before = '' } = example.dataset;
  const original = example.previousElementSibling as HTMLElement;
  const field = make('textarea', { value: code, rows: code.split('\n').length + 1, spellcheck: false });
  const status = make('p', { role: 'status' });
  const results = make('ol', {});
  let worker: Worker | undefined;
  /** Counts beginnings and ends: what belongs to an earlier run is ignored. */
  let turn = 0;

  const end = (message: string) => {
    turn += 1;
    worker?.terminate();
    worker = undefined;
    stop.disabled = true;
    status.textContent = message;
  };
  const show = (outcome: Outcome) => {
    if (outcome.kind === 'done') return end(summaryOf(outcome));
    if (outcome.kind === 'error') {
      results.append(make('li', { className: 'try-error' }, outcome.message));
      const place = outcome.line === undefined ? 'an example above this one' : `line ${outcome.line}`;
      return end(`Ended by an error in ${place}: ${outcome.message}`);
    }
    const shown = make('code', {}, outcome.shown);
    if (outcome.kind === 'log') return results.append(make('li', {}, make('span', {}, 'printed '), shown));
    const { line, source, expected } = outcome;
    const item = make('li', {}, make('span', {}, `line ${line} `), make('code', {}, source), ' → ', shown);
    if (expected !== undefined) item.append(make('em', {}, ' the example says ', make('code', {}, expected)));
    results.append(item);
  };
  const run = async () => {
    end('Running…');
    const own = turn;
    results.replaceChildren();
    stop.disabled = false;
    try {
      const program = await load();
      if (own !== turn) return;
      worker = new Worker(program);
      worker.addEventListener('message', ({ data }: MessageEvent<Outcome>) => {
        if (own === turn) show(data);
      });
      worker.addEventListener('error', ({ message }) => end(message));
      worker.postMessage({ code: field.value, before });
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  };
  const stop = button('Stop', () => end('Stopped.'));
  const close = button('Close', () => {
    end('');
    original.hidden = false;
    const start = startOf(example);
    example.replaceChildren(start);
    start.focus();
  });
  const reset = button('Reset', () => {
    field.value = code;
    void run();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
  });
  const above = before === '' ? '' : ' The examples above it run first, as they are written.';
  const hint = make(
    'p',
    { className: 'try-hint' },
    `Ctrl+Enter runs the code. Types are not checked.${above}`,
  );
  original.hidden = true;
  const buttons = make(
    'p',
    { className: 'try-buttons' },
    button('Run', () => void run()),
    stop,
    reset,
    close,
  );
  example.replaceChildren(make('label', {}, 'Code of the example', field), buttons, hint, status, results);
  field.setSelectionRange(0, 0);
  field.focus();
  void run();
}

function summaryOf({ asDocumented, otherwise }: Extract<Outcome, { kind: 'done' }>): string {
  if (otherwise > 0)
    return `Done: ${otherwise} of ${asDocumented + otherwise} results are not what the example says.`;
  return asDocumented > 0 ? `Done: ${asDocumented} of ${asDocumented} results as the example says.` : 'Done.';
}

function startOf(example: HTMLElement): HTMLButtonElement {
  return button('Try', () => open(example));
}

for (const example of document.querySelectorAll<HTMLElement>('.try')) example.append(startOf(example));
