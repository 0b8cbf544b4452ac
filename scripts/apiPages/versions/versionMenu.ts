// Lists the versions of the site that are kept beside each other, from `versions.json` at its root: every page loads this.

const base = new URL(document.documentElement.dataset.base ?? '.', document.baseURI);

/** The pages of a release are at the root and in a folder of their own, `v0.1.0`. */
const root = /\/v\d+\.\d+\.\d+\/$/.test(base.pathname) ? new URL('..', base) : base;

function link(version: string, shown: string): HTMLElement {
  const item = document.createElement('li');
  const anchor = document.createElement('a');
  anchor.href = new URL(`v${version}/index.html`, root).href;
  anchor.textContent = `v${version}`;
  if (version === shown) anchor.setAttribute('aria-current', 'true');
  item.append(anchor);
  return item;
}

async function showVersions(): Promise<void> {
  const shown = /v(\d\S*)$/.exec(document.querySelector('.tsd-page-toolbar .title')?.textContent ?? '')?.[1];
  // A page from a disk may load no data.
  if (shown === undefined || location.protocol === 'file:') return;
  const response = await fetch(new URL('versions.json', root)).catch(() => undefined);
  const versions: unknown = response?.ok ? await response.json().catch(() => undefined) : undefined;
  // With one version, the title says all.
  if (!Array.isArray(versions) || versions.length < 2) return;
  const menu = document.createElement('details');
  menu.className = 'versions';
  const summary = document.createElement('summary');
  summary.textContent = 'Versions';
  const list = document.createElement('ul');
  list.append(...versions.map((version) => link(String(version), shown)));
  menu.append(summary, list);
  document.querySelector('#tsd-search-trigger')?.before(menu);
}

void showVersions();
