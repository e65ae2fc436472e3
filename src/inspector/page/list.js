// The list of deliveries. Only visible rows exist as elements, so the list is fast with ten thousand deliveries.

const HEIGHT = 56;
const SPARE = 6;

const list = {
  rows: [],        // All loaded rows, the newest first.
  shown: [],       // The rows that match the filter.
  selected: null,  // The number of the selected delivery.
  total: 0,
  omitted: 0,
  matches: null,   // The numbers of deliveries with bodies that contain the search text.
  elements: new Map(),

  tests(query) {
    const tests = [];
    for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
      const [, name, value] = word.match(/^(status|event|signature|verdict|auth|number):(.+)$/) ?? [];
      if (!name) tests.push((row) => row.words.includes(word) || (this.matches?.text === query && this.matches.numbers.has(row.number)));
      else if (name === 'status') tests.push((row) => new RegExp(`^${value.replace(/[^0-9x]/g, '').replaceAll('x', '.')}$`).test(row.status ?? ''));
      else {
        const parts = value.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
        const pattern = new RegExp(`^${parts.join('.*')}$`);
        tests.push((row) => pattern.test(String(row[name] ?? '').toLowerCase()));
      }
    }
    return tests;
  },

  add(rows) {
    for (const row of rows) {
      row.words = [row.number, row.event, row.subject, row.target, row.signature, row.verdict, row.status, row.problem]
        .join(' ').toLowerCase();
    }
    const known = new Set(this.rows.map((row) => row.number));
    this.rows.push(...rows.filter((row) => !known.has(row.number)));
    this.rows.sort((a, b) => b.number - a.number);
  },

  filter() {
    const query = find('search').value.trim();
    const tests = this.tests(query);
    const [tone, event] = [find('result').value, find('event').value];
    if (tone) tests.push((row) => row.tone === tone);
    if (event) tests.push((row) => row.event === event);
    this.shown = tests.length ? this.rows.filter((row) => tests.every((test) => test(row))) : this.rows.slice();
    this.isFiltered = tests.length > 0;
    this.draw(true);
    this.count();
  },

  count() {
    const failed = this.shown.filter((row) => row.tone === 'bad').length;
    const parts = [this.isFiltered ? `${this.shown.length.toLocaleString('en')} of ${plural(this.rows.length, 'delivery').replace('deliverys', 'deliveries')}`
      : plural(this.rows.length, 'delivery').replace('deliverys', 'deliveries')];
    if (failed) parts.push(`${failed.toLocaleString('en')} failed`);
    if (this.omitted) parts.push(`${this.omitted.toLocaleString('en')} older deliveries not loaded`);
    find('count').textContent = parts.join(' · ');
  },

  draw(isNew) {
    const view = find('list');
    const rows = find('rows');
    rows.style.height = `${this.shown.length * HEIGHT}px`;
    const first = Math.max(0, Math.floor(view.scrollTop / HEIGHT) - SPARE);
    const last = Math.min(this.shown.length, Math.ceil((view.scrollTop + view.clientHeight) / HEIGHT) + SPARE);
    const keep = new Map();
    for (let index = first; index < last; index += 1) {
      const row = this.shown[index];
      let shown = this.elements.get(row.number);
      if (!shown) {
        shown = this.row(row);
        rows.append(shown);
      }
      if (shown.at !== index || isNew) {
        shown.at = index;
        shown.style.transform = `translateY(${index * HEIGHT}px)`;
        shown.setAttribute('aria-posinset', index + 1);
        shown.setAttribute('aria-setsize', this.shown.length);
      }
      shown.setAttribute('aria-selected', row.number === this.selected);
      keep.set(row.number, shown);
    }
    for (const [number, shown] of this.elements) if (!keep.has(number)) shown.remove();
    this.elements = keep;
    const active = keep.get(this.selected);
    if (active) view.setAttribute('aria-activedescendant', active.id);
    else view.removeAttribute('aria-activedescendant');
  },

  row(row) {
    return element('div', {
      className: `row ${row.tone}`, role: 'option', id: `row-${row.number}`,
      onclick: () => select(row.number, true),
    },
    element('span', { className: 'sign' }, element('span', { 'aria-hidden': 'true' }, SIGNS[row.tone]), element('span', { className: 'hidden' }, `${SPOKEN[row.tone]}: `)),
    element('span', { className: 'name', dir: 'auto' }, row.event ?? '(no event)'),
    element('span', { className: 'status' }, row.status ? String(row.status) : '–'),
    element('span', { className: 'about', dir: 'auto' }, row.problem
      ? element('span', { className: 'problem' }, row.problem) : null, row.problem && row.subject ? ' · ' : null, row.subject ?? (row.problem ? null : '–')),
    element('span', { className: 'time' }, clock(row.at)));
  },

  index() {
    return this.shown.findIndex((row) => row.number === this.selected);
  },

  move(step) {
    if (!this.shown.length) return;
    const at = this.index();
    const next = at < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, at + step));
    select(this.shown[next].number, false);
  },

  nextFailed() {
    const at = this.index();
    const rows = [...this.shown.slice(at + 1), ...this.shown.slice(0, at + 1)];
    const failed = rows.find((row) => row.tone === 'bad');
    if (failed) select(failed.number, false);
    else toast('No delivery failed.');
  },

  reveal() {
    const [view, at] = [find('list'), this.index()];
    if (at < 0) return;
    const [top, bottom] = [at * HEIGHT, (at + 1) * HEIGHT];
    if (top < view.scrollTop) view.scrollTop = top;
    else if (bottom > view.scrollTop + view.clientHeight) view.scrollTop = bottom - view.clientHeight;
  },

  events() {
    const chosen = find('event').value;
    const names = [...new Set(this.rows.map((row) => row.event).filter(Boolean))].sort();
    if (names.length + 1 === find('event').options.length) return;
    find('event').replaceChildren(element('option', { value: '' }, 'All events'),
      ...names.map((name) => element('option', { value: name, selected: name === chosen }, name)));
  },
};
