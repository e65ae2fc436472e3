// The page: the selected delivery, keyboard shortcuts, live updates.

const app = { state: null, to: null, hasKeys: true, last: null };

// Wide enough to show the list and a delivery side by side.
const WIDE = matchMedia('(min-width: 1700px)');

const TABS = [
  ['body', 'Body', 'b'], ['headers', 'Headers', 'h'], ['response', 'Response', 'o'], ['signature', 'Signature', 's'],
  ['diff', 'Difference', 'd'], ['replay', 'Replay', 'r'], ['edit', 'Edit', 'e'],
];

const detail = {
  number: null,
  tab: 'body',
  isRaw: false,
  inspection: null,

  async load(number) {
    this.number = number;
    try {
      const inspection = await source.delivery(number);
      if (this.number !== number) return;
      this.inspection = inspection;
      this.draw();
    } catch (error) {
      if (this.number === number) find('detail').replaceChildren(backButton(), emptyView('This delivery cannot be shown', [error.message]));
    }
  },

  draw() {
    const { inspection } = this;
    const facts = [
      `#${inspection.number}`, moment(inspection.at),
      inspection.status ? `status ${inspection.status}` : null, inspection.ms === null || inspection.ms === undefined ? null : time(inspection.ms), size(inspection.bytes), inspection.capture,
    ];
    const tabs = TABS.map(([id, name, key]) => element('button', {
      type: 'button', role: 'tab', id: `tab-${id}`, 'aria-selected': String(id === this.tab), 'aria-controls': 'panel', tabIndex: id === this.tab ? 0 : -1,
      onclick: () => this.open(id), onkeydown: (event) => this.turn(event, id),
    }, name, element('kbd', { 'aria-hidden': 'true' }, key)));
    const place = find('detail');
    place.replaceChildren(
      backButton(),
      element('div', { className: 'head' }, element('h2', { dir: 'auto' }, inspection.event ?? '(no event)'), inspection.subject ? element('span', { className: 'subject', dir: 'auto' }, inspection.subject) : ''),
      element('p', { className: 'facts' }, facts.filter(Boolean).map((fact) => element('span', {}, fact)), element('span', { className: 'mono' }, `${inspection.request.method} ${inspection.request.target}`)),
      element('div', { className: `banner ${inspection.tone}` }, element('span', { className: 'sign', 'aria-hidden': 'true' }, SIGNS[inspection.tone]),
        element('strong', {}, inspection.headline), (inspection.advice ?? []).map((advice) => element('p', {}, advice))),
      element('div', { className: 'tools' },
        element('div', { className: 'tabs', role: 'tablist', 'aria-label': 'About this delivery' }, tabs),
        element('div', { className: 'copies' },
          element('button', { type: 'button', onclick: () => this.copy('curl') }, 'Copy curl', element('kbd', { 'aria-hidden': 'true' }, 'c')),
          element('button', { type: 'button', onclick: () => this.copy('cfwh') }, 'Copy cfwh', element('kbd', { 'aria-hidden': 'true' }, 'x')))),
      element('div', { className: 'panel', id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${this.tab}` }));
    this.fill();
  },

  fill() {
    const panels = {
      body: () => bodyPanel(this.inspection, this.isRaw),
      headers: () => headersPanel(this.inspection),
      response: () => responsePanel(this.inspection),
      signature: () => signaturePanel(this.inspection),
      diff: () => diffPanel(this.inspection),
      replay: () => replayPanel(this.inspection, false),
      edit: () => replayPanel(this.inspection, true),
    };
    const flat = (parts) => [parts].flat(4).filter(Boolean);
    const isWide = this.tab === 'body' && WIDE.matches;
    find('panel').classList.toggle('wide', isWide);
    find('panel').replaceChildren(...(isWide
      ? [element('div', {}, flat(panels.body())), element('div', {}, flat([panels.response(), element('h3', {}, 'Request'), panels.headers()]))]
      : flat(panels[this.tab]())));
  },

  open(tab) {
    if (!this.inspection || this.number === null) return;
    this.tab = tab;
    this.draw();
    if (tab === 'replay' || tab === 'edit') find('replay-to')?.focus();
    else find(`tab-${tab}`).focus({ preventScroll: true });
  },

  turn(event, id) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = TABS.findIndex(([tab]) => tab === id);
    const [next] = TABS[(at + step + TABS.length) % TABS.length];
    this.tab = next;
    this.draw();
    find(`tab-${next}`).focus();
  },

  toggleRaw() {
    if (this.tab !== 'body') return this.open('body');
    this.isRaw = !this.isRaw;
    this.fill();
  },

  async copy(tool) {
    if (this.number === null) return;
    try {
      const { command } = await source.command(this.number, tool);
      await copy(command, `the ${tool} command`);
    } catch (error) {
      toast(error.message);
    }
  },
};

function backButton() {
  return element('button', { type: 'button', className: 'back', onclick: toList }, '← Deliveries');
}

function toList() {
  document.body.classList.remove('reading');
  find('list').focus();
}

function select(number, isOpened) {
  list.selected = number;
  list.reveal();
  list.draw();
  if (isOpened) document.body.classList.add('reading');
  detail.load(number);
  history.replaceState(null, '', `#${number}`);
}

function emptyView(title, paragraphs, command) {
  return element('div', { className: 'empty' }, element('h2', {}, title), paragraphs.map((text) => element('p', {}, text)),
    command ? [element('pre', { className: 'code raw', tabIndex: 0, role: 'region', 'aria-label': 'Command' }, command), element('div', {}, element('button', { type: 'button', onclick: () => copy(command, 'the command') }, 'Copy'))] : null);
}

function showEmpty() {
  const { state } = app;
  if (list.rows.length) return find('detail').replaceChildren(emptyView('Select a delivery', ['Use the list, or j and k. Failed deliveries are marked with ✕.']));
  const text = state.receiver ? `Listening on ${state.receiver}. No delivery received yet. Run this in another terminal:` : 'This folder has no deliveries yet. They appear here when they are saved. To save some, run:';
  find('detail').replaceChildren(emptyView('No deliveries yet', [text], state.try));
}

async function loadAll() {
  let before;
  for (let page = 0; page < 50; page += 1) {
    const part = await source.list(before ? { before, limit: 2000 } : { limit: 500 });
    [list.total, list.omitted] = [part.total, part.omitted];
    // Deliveries that are added during loading arrive as events.
    app.last ??= part.last;
    if (!part.deliveries.length) break;
    list.add(part.deliveries);
    list.events();
    list.filter();
    if (page === 0) openFirst();
    before = part.deliveries.at(-1).number;
  }
  list.omitted = Math.max(list.omitted, list.total - list.rows.length);
  list.count();
}

function openFirst() {
  const asked = Number(location.hash.slice(1));
  const wide = matchMedia('(min-width: 761px)').matches;
  if (asked && list.rows.some((row) => row.number === asked)) select(asked, true);
  else if (wide && list.rows.length) select(list.rows[0].number, false);
}

function live(name, text) {
  find('live').className = `live ${name}`;
  if (find('live').textContent !== text) find('live').textContent = text;
}

function follow() {
  let refused = 0;
  source.follow(app.last, {
    connected: () => live('on', 'Live'),
    lost: () => live('off', 'cfwh does not respond'),
    ended: () => {
      live('off', 'Ended');
      toast(`${app.state.name} has stopped. The page still shows its deliveries.`);
    },
    deliveries: ({ deliveries, omitted }) => {
      const wasEmpty = !list.rows.length;
      list.omitted = omitted;
      const view = find('list');
      const top = view.scrollTop;
      const before = list.shown.length;
      list.add(deliveries);
      list.events();
      list.filter();
      if (top > 0) view.scrollTop = top + (list.shown.length - before) * HEIGHT;
      if (wasEmpty && list.rows.length) openFirst();
      const failed = deliveries.filter((row) => row.tone === 'bad').length;
      announce(`${plural(deliveries.length, 'new delivery').replace('deliverys', 'deliveries')}${failed ? `, ${failed} failed` : ''}`);
    },
    refused: ({ count, reason }) => {
      refused += count;
      live('on', `Live · ${plural(refused, 'refused request')}`);
      find('live').title = reason;
    },
  });
}

const KEYS = {
  j: () => list.move(1), k: () => list.move(-1), g: () => list.move(-Infinity), G: () => list.move(Infinity), n: () => list.nextFailed(),
  '/': () => { document.body.classList.remove('reading'); find('search').focus(); find('search').select(); },
  b: () => detail.toggleRaw(), h: () => detail.open('headers'), o: () => detail.open('response'), s: () => detail.open('signature'),
  d: () => detail.open('diff'), r: () => detail.open('replay'), e: () => detail.open('edit'),
  c: () => detail.copy('curl'), x: () => detail.copy('cfwh'), t: () => timelineView(), '?': () => find('help').showModal(), Escape: toList,
};

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input:not([type=checkbox]), textarea, select');
  if (event.ctrlKey || event.metaKey || event.altKey || find('help').open) return;
  if (isTyping && event.key === 'Escape') return event.target.blur(), toList();
  if (isTyping || (!app.hasKeys && event.key !== 'Escape')) return;
  const work = KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  work();
});

find('list').addEventListener('keydown', (event) => {
  const page = Math.max(1, Math.floor(find('list').clientHeight / HEIGHT) - 1);
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
  if (step) {
    event.preventDefault();
    list.move(step);
  } else if (event.key === 'Enter' && list.selected !== null) {
    document.body.classList.add('reading');
    find('detail').focus();
  }
});
find('list').addEventListener('scroll', () => requestAnimationFrame(() => list.draw()), { passive: true });
new ResizeObserver(() => list.draw()).observe(find('list'));
find('filters').addEventListener('submit', (event) => event.preventDefault());
for (const id of ['result', 'event']) find(id).addEventListener('change', () => list.filter());
const searchBodies = debounce(async () => {
  const text = find('search').value.trim();
  if (!text || /^\S+:\S/.test(text)) return;
  const found = await source.list({ search: text, limit: 2000 }).catch(() => null);
  if (!found || find('search').value.trim() !== text) return;
  list.matches = { text, numbers: new Set(found.deliveries.map((row) => row.number)) };
  list.add(found.deliveries);
  list.filter();
}, 200);
find('search').addEventListener('input', () => { list.filter(); searchBodies(); });
find('open-help').addEventListener('click', () => find('help').showModal());
find('open-timeline').addEventListener('click', () => timelineView());
find('shortcuts').addEventListener('change', (event) => { app.hasKeys = event.target.checked; });

async function start() {
  try {
    app.state = await source.state();
    find('source').textContent = app.state.source;
    document.title = `${app.state.source} · cfwh inspector`;
    if (!source.isLive) live('', 'Saved page');
    showEmpty();
    await loadAll();
    if (list.rows.length && list.selected === null) showEmpty();
    list.filter();
    follow();
  } catch (error) {
    live('off', 'Not connected');
    find('detail').replaceChildren(emptyView('The deliveries cannot be loaded', [error.message]));
  }
}
start();
