// The body with its findings. cfwh computes the lines, their tokens and the places of findings.

const KINDS = { p: 'p', k: 'k', s: 's', n: 'n', w: 'w' };

function findingNote(finding) {
  return element('div', { className: `finding ${finding.severity === 'warning' ? 'warn' : ''}`, role: 'note' },
    element('b', {}, `${finding.severity}[${finding.rule}]`), ' ', finding.message,
    finding.help ? element('p', {}, `fix: ${finding.help}`) : null);
}

function prettyBody(inspection, edits) {
  const severity = (numbers) => (numbers.some((index) => inspection.findings[index]?.severity === 'error') ? '' : 'warn');
  const lines = inspection.lines.map((line, index) => {
    const hit = line.findings?.length ? `hit ${severity(line.findings)}` : '';
    const tokens = line.tokens.map(([kind, text]) => {
      const isValue = edits && line.value !== undefined && kind !== 'p' && kind !== 'k';
      if (isValue) return editable(line.pointer, text, edits);
      const shown = element('span', { className: KINDS[kind] }, text);
      return hit && kind !== 'p' ? element('mark', {}, shown) : shown;
    });
    const shown = element('div', { className: `ln ${hit}` },
      element('span', { className: 'no', 'aria-hidden': 'true' }, String(index + 1)),
      element('span', { className: 'tx' }, ' '.repeat(line.indent * 2), tokens));
    return [shown, (line.findings ?? []).map((at) => findingNote(inspection.findings[at]))];
  });
  return element('div', { className: 'code', tabIndex: 0, role: 'region', 'aria-label': 'Body' }, lines);
}

function editable(pointer, text, edits) {
  const show = () => element('button', {
    type: 'button', className: `value ${edits.has(pointer) ? 'edited' : ''}`, 'aria-label': `${pointer}: ${edits.get(pointer) ?? text}. Edit`,
    onclick: (event) => {
      const input = element('input', { className: 'value', value: edits.get(pointer) ?? text, 'aria-label': `New value of ${pointer}, as JSON`, spellcheck: false });
      let isOpen = true;
      const close = (isKept) => {
        // Removing the input triggers blur, which closes it too.
        if (!isOpen) return;
        isOpen = false;
        if (isKept && input.value.trim() !== text) edits.set(pointer, input.value.trim());
        else if (isKept) edits.delete(pointer);
        const button = show();
        input.replaceWith(button);
        edits.changed();
        return button;
      };
      input.addEventListener('keydown', (key) => {
        if (key.key === 'Enter') close(true)?.focus();
        if (key.key === 'Escape') { key.stopPropagation(); close(false)?.focus(); }
      });
      input.addEventListener('blur', () => close(true));
      event.currentTarget.replaceWith(input);
      input.focus();
      input.select();
    },
  }, edits.get(pointer) ?? text);
  return show();
}

function bodyPanel(inspection, isRaw) {
  const { request } = inspection;
  const elsewhere = inspection.findings.filter((finding, index) => !finding.header
    && !(inspection.lines ?? []).some((line) => line.findings?.includes(index)));
  const canToggle = inspection.lines && request.body !== null;
  const raw = request.body === null
    ? element('p', { className: 'note' }, `The body is not UTF-8 text (${size(inspection.bytes)}). In base64: `, element('code', {}, request.body_base64 ?? ''))
    : element('pre', { className: 'code raw', tabIndex: 0, role: 'region', 'aria-label': 'Body as received' }, request.body || '(empty)');
  // The capture does not exist, so the body is unknown.
  if (request.truncated && request.body === '') return [element('p', { className: 'note' }, inspection.headline)];
  return [
    element('div', { className: 'actions' },
      canToggle ? element('button', { type: 'button', 'aria-pressed': String(isRaw), onclick: () => detail.toggleRaw() }, isRaw ? 'Formatted' : 'As received', element('kbd', {}, 'b')) : null,
      element('span', { className: 'note' }, isRaw || !inspection.lines ? 'The body exactly unchanged.' : 'Formatted, with findings below their lines.')),
    elsewhere.map(findingNote),
    isRaw || !inspection.lines ? raw : prettyBody(inspection),
    inspection.lines_omitted && !isRaw ? element('p', { className: 'note' }, `${plural(inspection.lines_omitted, 'more line')} not shown.`) : null,
    request.truncated ? element('p', { className: 'note' }, `Truncated: the whole body has ${size(inspection.bytes)}. fix: start cfwh listen with --capture to save whole bodies.`) : null,
    inspection.omitted ? element('p', { className: 'note' }, `${plural(inspection.omitted, 'more finding')} not shown.`) : null,
  ];
}

function headersPanel(inspection) {
  const wrong = new Map(inspection.findings.filter((finding) => finding.header).map((finding) => [finding.header.toLowerCase(), finding]));
  return [
    element('p', { className: 'note mono' }, `${inspection.request.method} ${inspection.request.target}`),
    inspection.findings.filter((finding) => finding.header).map(findingNote),
    inspection.request.truncated && inspection.request.body === '' ? element('p', { className: 'note' }, inspection.headline) : fieldTable(inspection.request.headers, 'Request headers', wrong),
  ];
}

function fieldTable(fields, caption, wrong = new Map()) {
  if (!fields.length) return element('p', { className: 'note' }, 'No header fields.');
  const table = element('table', { className: 'headers' }, element('caption', { className: 'hidden' }, caption), element('tbody', {},
    fields.map(({ name, value }) => element('tr', { className: wrong.has(name.toLowerCase()) ? 'hit' : '' },
      element('th', { scope: 'row' }, name), element('td', { dir: 'auto' }, value)))));
  const isHidden = fields.some(({ value }) => value.endsWith('[redacted]'));
  return isHidden ? [table, element('p', { className: 'note' }, 'Credentials are not shown: [redacted] stands in their place.')] : table;
}

function responseView(response, title) {
  if (!response) return element('p', { className: 'note' }, 'No response is known: the folder has no journal for this delivery.');
  let text = response.body;
  try { if (text) text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* The body is not JSON. */ }
  return [
    element('h3', {}, `${title}: ${response.status}`),
    fieldTable(response.headers, `${title}: headers`),
    element('pre', { className: 'code raw', tabIndex: 0, role: 'region', 'aria-label': `${title}: body` },
      text ?? (response.body_base64 ? `(base64) ${response.body_base64}` : '(empty)')),
    response.truncated ? element('p', { className: 'note' }, 'This is the beginning of the body.') : null,
  ];
}

function responsePanel(inspection) {
  return [
    responseView(inspection.response, 'Response to the sender'),
    (inspection.forwarded ?? []).length ? element('h3', {}, 'Forwarded') : null,
    (inspection.forwarded ?? []).map((forward) => [
      element('p', { className: 'note' }, element('code', {}, forward.url), ` → ${forward.status ?? forward.error ?? 'no response'}`, forward.ms ? ` in ${time(forward.ms)}` : ''),
      forward.response ? responseView(forward.response, 'Response of the endpoint') : null,
    ]),
  ];
}

function signaturePanel(inspection) {
  const { signature, auth } = inspection;
  const explanation = inspection.causes ? inspection : null;
  const facts = element('p', {}, `Authentication: ${auth}. Result: `, element('strong', {}, signature), inspection.reason ? `. ${inspection.reason}.` : '.');
  if (!explanation) {
    const why = signature === 'valid' ? 'The signature is valid.' : inspection.unexplained;
    return [facts, element('p', { className: 'note' }, why ?? 'The signature was not explained.')];
  }
  return [
    facts,
    explanation.causes.length ? element('h3', {}, 'Causes that reproduce the received signature') : null,
    explanation.causes.map((cause) => element('div', { className: 'cause' }, element('strong', {}, cause.message),
      element('p', {}, `fix: ${cause.help}`), element('p', {}, element('code', {}, cause.cause)))),
    explanation.causes.length ? null : element('p', { className: 'note' }, 'No candidate matches. The secret is probably different, or the body changed after it was signed.'),
    element('h3', {}, `Tried: ${plural(explanation.tried, 'candidate')}`),
    element('ul', {}, explanation.searched.map((searched) => element('li', { className: 'note' }, `${searched.what}: ${searched.compared.toLocaleString('en')}`))),
    explanation.left_out.map((left) => element('p', { className: 'note' }, `Not tried: ${left}`)),
  ];
}
