// What a browser with JavaScript adds: a form is sent once, rows are selected together, progress moves by itself.
// Every page works without it.

for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', () => {
    // After the browser has collected the fields, the pressed button included.
    setTimeout(() => {
      for (const button of form.querySelectorAll('button')) button.disabled = true;
      form.setAttribute('aria-busy', 'true');
    });
  });
}

// A page that comes back from the browser's memory has its buttons again; the server recognizes its form.
window.addEventListener('pageshow', enableAgain);
function enableAgain() {
  for (const form of document.querySelectorAll('form[aria-busy]')) {
    form.removeAttribute('aria-busy');
    for (const button of form.querySelectorAll('button')) button.disabled = false;
  }
}

// Why a form was refused is not said again when somebody comes back to it later; what was typed stays.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const told of document.querySelectorAll('[role="alert"], .error')) told.remove();
  for (const field of document.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
  document.title = document.title.replace(/^Error: /, '');
});

for (const form of document.querySelectorAll('form[data-selects]')) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const found = form.querySelectorAll('tbody input[type="checkbox"]');
  const boxes = [...found];
  const all = document.createElement('input');
  all.type = 'checkbox';
  all.setAttribute('aria-label', 'Select all rows of this page');
  form.querySelector('thead th')?.append(all);
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll(`button[form="${form.id}"]`);
  const count = () => {
    const selected = boxes.filter((box) => box.checked).length;
    all.checked = selected > 0 && selected === boxes.length;
    all.indeterminate = selected > 0 && selected < boxes.length;
    for (const button of buttons) button.disabled = selected === 0;
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  form.addEventListener('change', count);
  window.addEventListener('pageshow', count);
  count();
}

// A receipt is printed once it has come into its frame, and its button can be pressed again, for a copy.
const paper = document.querySelector('iframe[name="paper"]');
if (paper instanceof HTMLIFrameElement) {
  paper.hidden = true;
  paper.addEventListener('load', () => {
    if (paper.contentWindow?.location.href === 'about:blank') return;
    paper.hidden = false;
    enableAgain();
    paper.contentWindow?.print();
  });
}

/** @type {NodeListOf<HTMLButtonElement>} */
const printing = document.querySelectorAll('button[data-print]');
for (const button of printing) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

const working = document.querySelector('[data-refresh="1"]');
if (working) {
  const status = document.querySelector('[role="status"]');
  const load = async () =>
    new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  const look = async () => {
    const page = await load().catch(() => null);
    // A server that is starting again has the page a little later.
    if (page === null) return void setTimeout(look, 2000);
    const now = page.querySelector('[data-refresh]');
    // Anything but progress is new content: the whole page is shown again.
    if (now?.getAttribute('data-refresh') !== '1') return location.reload();
    working.replaceChildren(...now.childNodes);
    if (status) status.textContent = working.textContent;
    setTimeout(look, 500);
  };
  setTimeout(look, 500);
}

/** @type {HTMLElement | null} */
const first =
  document.querySelector('[aria-invalid="true"]') ??
  document.querySelector('[role="alert"]') ??
  document.querySelector('[autofocus]') ??
  document.querySelector('.notice') ??
  document.querySelector('main form[method="post"] :is(input:not([type="hidden"]), select, textarea)');
first?.focus();

// A menu closes where somebody goes elsewhere, or presses Escape.
const closeMenus = (/** @type {Event} */ event) => {
  for (const menu of document.querySelectorAll('details[name="menu"][open]'))
    if (event.type === 'keydown' || !(event.target instanceof Node && menu.contains(event.target)))
      menu.removeAttribute('open');
};
document.addEventListener('click', closeMenus);
document.addEventListener('focusin', closeMenus);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeMenus(event);
});

// Keys press links and buttons by the end of their address. They are off in fields, with another key held, and where somebody
// switched them off.
const KEYS_OFF = 'desk-keys-off';
/** @type {[string, string][]} */
const keys = JSON.parse(document.body.dataset.keys || '[]');
document.addEventListener('keydown', (event) => {
  const isTyping =
    event.target instanceof Element &&
    event.target.matches('input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]');
  if (
    isTyping ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.repeat ||
    localStorage.getItem(KEYS_OFF)
  )
    return;
  const target = keys.find(([key]) => key === event.key)?.[1];
  if (target === undefined) return;
  const places = target.startsWith('#')
    ? [target]
    : `button[formaction$="${target}"]:not(:disabled), a[href="${target}"], a.button[href$="${target}"], nav a[href$="${target}"], a[href$="${target}"]`.split(
        ', ',
      );
  const found = places.map((place) => document.querySelector(place)).find((element) => element !== null);
  if (!(found instanceof HTMLElement)) return;
  event.preventDefault();
  found.focus();
  if (!target.startsWith('#')) found.click();
});
const keysSwitch = document.querySelector('[data-keys-switch]');
const useKeys = document.querySelector('#use-keys');
if (keysSwitch instanceof HTMLElement && useKeys instanceof HTMLInputElement) {
  keysSwitch.hidden = false;
  useKeys.checked = !localStorage.getItem(KEYS_OFF);
  useKeys.addEventListener('change', () => {
    if (useKeys.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, '1');
  });
}
