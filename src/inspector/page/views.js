// Comparison, replay and timeline.

function diffPanel(inspection) {
  const shown = element('div', {});
  const from = element('input', { type: 'text', inputMode: 'numeric', id: 'diff-from', size: 8, placeholder: 'previous' });
  const load = async () => {
    shown.replaceChildren(element('p', { className: 'note' }, 'Comparing…'));
    try {
      const diff = await source.diff(inspection.number, from.value.trim());
      from.value = diff.a;
      shown.replaceChildren(...diffView(diff));
    } catch (error) {
      shown.replaceChildren(element('p', { className: 'note' }, error.message));
    }
  };
  load();
  return [
    element('form', { className: 'actions', onsubmit: (event) => { event.preventDefault(); load(); } },
      element('label', { htmlFor: 'diff-from' }, 'Compare with delivery'), from, element('button', { type: 'submit' }, 'Compare')),
    shown,
  ];
}

function diffView(diff) {
  const rows = (entries, name) => entries.map((entry) => element('tr', {},
    element('th', { scope: 'row' }, element('span', { className: 'change' }, entry.change ?? (entry.before === undefined ? 'added' : entry.after === undefined ? 'removed' : 'changed')), entry[name] || '(whole body)'),
    element('td', { className: 'before' }, entry.before ?? '–'), element('td', { className: 'after' }, entry.after ?? '–')));
  const table = (title, entries, name) => (entries.length ? [
    element('h3', {}, title),
    element('table', { className: 'differences' }, element('caption', { className: 'hidden' }, title),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Where'), element('th', { scope: 'col' }, `Delivery ${diff.a}`), element('th', { scope: 'col' }, `Delivery ${diff.b}`))),
      element('tbody', {}, rows(entries, name))),
  ] : [element('p', { className: 'note' }, `${title}: no difference.`)]);
  return [
    element('p', { className: 'note' }, diff.relation),
    diff.reason ? element('p', { className: 'note' }, diff.reason) : table('Body', diff.differences, 'pointer'),
    diff.omitted ? element('p', { className: 'note' }, `${plural(diff.omitted, 'more difference')}.`) : null,
    table('Headers', diff.headers, 'name'),
  ].flat(2).filter(Boolean);
}

function replayPanel(inspection, isEdit) {
  const { state } = app;
  if (!source.isLive) return [element('p', { className: 'note' }, 'A saved page cannot send requests. fix: open the captures with cfwh inspect.')];
  if (inspection.not_sendable) return [element('p', { className: 'note' }, inspection.not_sendable)];
  const edits = Object.assign(new Map(), { changed: () => showEdits() });
  const to = element('input', { type: 'url', id: 'replay-to', required: true, value: app.to ?? state.to ?? '', placeholder: 'http://127.0.0.1:3000/webhooks/confluence', spellcheck: false });
  const resign = element('input', { type: 'checkbox', id: 'replay-resign', checked: state.can_sign && isEdit, disabled: !state.can_sign });
  const list = element('ul', { className: 'edits' });
  const result = element('div', { role: 'status' });
  const showEdits = () => {
    list.replaceChildren(...[...edits].map(([pointer, value]) => element('li', {},
      element('code', {}, value === null ? `remove ${pointer}` : `${pointer} = ${value}`),
      element('button', { type: 'button', 'aria-label': `Remove the edit of ${pointer}`, onclick: () => { edits.delete(pointer); showBody(); showEdits(); } }, 'Remove'))));
  };
  const shownBody = element('div', {});
  const showBody = () => { if (isEdit && inspection.lines) shownBody.replaceChildren(prettyBody(inspection, edits)); };
  const other = element('input', { type: 'text', id: 'replay-other', placeholder: '/page/title="Plan"   or   -/page/version', spellcheck: false });
  const addOther = () => {
    const [, minus, pointer, value] = other.value.trim().match(/^(-?)(\/[^=]*)(?:=(.*))?$/s) ?? [];
    if (!pointer || (!minus && value === undefined)) return toast('Write /POINTER=JSON to set a value, or -/POINTER to remove one.');
    edits.set(pointer, minus ? null : value);
    other.value = '';
    showBody();
    showEdits();
  };
  const send = async (isConfirmed) => {
    app.to = to.value;
    result.replaceChildren(element('p', { className: 'note' }, 'Sending…'));
    try {
      const changes = [...edits].map(([pointer, value]) => (value === null ? { unset: pointer } : { set: pointer, value }));
      const sent = await source.replay({ number: inspection.number, to: to.value, edits: changes, resign: resign.checked, confirmed: isConfirmed });
      result.replaceChildren(...replayResult(sent));
      announce(`Response ${sent.response.status}`);
    } catch (error) {
      if (error.data?.code === 'confirm') {
        result.replaceChildren(element('div', { className: 'banner warn' }, element('span', { className: 'sign' }, '!'), element('strong', {}, error.message),
          element('p', {}, element('button', { type: 'button', className: 'primary', onclick: () => send(true) }, `Send to ${error.data.host}`))));
        result.querySelector('button').focus();
      } else {
        result.replaceChildren(element('div', { className: 'banner bad' }, element('span', { className: 'sign' }, '✕'), element('strong', {}, error.message),
          error.data?.fix ? element('p', {}, `fix: ${error.data.fix}`) : null));
      }
    }
  };
  showBody();
  return [
    element('form', { onsubmit: (event) => { event.preventDefault(); send(false); } },
      element('div', { className: 'field' }, element('label', { htmlFor: 'replay-to' }, 'Send to'), to),
      isEdit ? [
        element('h3', {}, 'Body'),
        inspection.lines ? element('p', { className: 'note' }, 'Select a value to edit it. All other bytes stay unchanged.') : element('p', { className: 'note' }, 'The body is not JSON, so it cannot be edited.'),
        shownBody,
        inspection.lines ? element('div', { className: 'field' }, element('label', { htmlFor: 'replay-other' }, 'Other edit'),
          element('div', { className: 'actions' }, other, element('button', { type: 'button', onclick: addOther }, 'Add'))) : null,
        list,
      ] : null,
      element('div', { className: 'check' }, resign, element('label', { htmlFor: 'replay-resign' }, state.can_sign ? `Sign again (${state.auth})` : 'Sign again (needs a secret: start cfwh with --secret-file)')),
      element('button', { type: 'submit', className: 'primary' }, isEdit ? 'Send the edited delivery' : 'Replay')),
    result,
  ];
}

function replayResult(sent) {
  const isGood = sent.response.status < 300;
  return [
    element('div', { className: `banner ${isGood ? 'ok' : 'bad'}` }, element('span', { className: 'sign' }, isGood ? '✓' : '✕'),
      element('strong', {}, `${sent.response.status} in ${time(sent.ms)}`), element('p', {}, sent.summary)),
    ...[responseView(sent.response, 'Response')].flat(2).filter(Boolean),
  ];
}

async function timelineView() {
  const place = find('detail');
  detail.number = null;
  list.selected = null;
  list.draw();
  document.body.classList.add('reading');
  place.replaceChildren(backButton(), element('h2', {}, 'Timeline'), element('p', { className: 'note' }, 'Reading…'));
  let timeline;
  try {
    timeline = await source.timeline();
  } catch (error) {
    return place.replaceChildren(backButton(), element('h2', {}, 'Timeline'), element('p', { className: 'note' }, error.message));
  }
  const lanes = timeline.lanes.map((lane) => element('div', { className: 'lane' },
    element('h3', { title: lane.title, dir: 'auto' }, `${lane.title} `, element('small', {}, `${lane.kind} ${lane.id}`)),
    element('div', { className: 'track' }, lane.dots.map((dot) => {
      const label = [`Delivery ${dot.number}`, dot.event, dot.version && `version ${dot.version}`, clock(dot.at), ...dot.findings].filter(Boolean).join(', ');
      const shown = element('button', { type: 'button', className: `dot ${dot.tone}`, title: label, 'aria-label': label, onclick: () => select(dot.number, true) },
        dot.tone === 'bad' ? '✕' : dot.version ? String(dot.version) : '·');
      shown.style.left = `${(dot.position * 100).toFixed(2)}%`;
      return shown;
    }))));
  const problems = timeline.lanes.flatMap((lane) => lane.dots.flatMap((dot) => dot.findings.map((finding) => [lane, dot, finding])));
  // Neighboring dots must not overlap.
  place.style.setProperty('--track', `${Math.min(timeline.deliveries * 16, 16000)}px`);
  place.replaceChildren(...[
    backButton(),
    element('h2', {}, 'Timeline'),
    element('p', { className: 'note' }, `${plural(timeline.lanes.length, 'lane')}. A lane is one page, blog post or other content. A dot is a delivery, with its version. Red deliveries contradict earlier ones.`),
    timeline.lanes.length ? element('div', { className: 'timeline', role: 'region', 'aria-label': 'Timeline', tabIndex: 0 }, lanes,
      element('div', { className: 'axis' }, element('span', {}, clock(timeline.from)), element('span', {}, clock(timeline.to)))) : element('p', {}, 'No delivery identifies its content.'),
    timeline.omitted ? element('p', { className: 'note' }, `${plural(timeline.omitted, 'more lane')} not shown.`) : null,
    problems.length ? element('h3', {}, plural(problems.length, 'problem')) : null,
    ...problems.slice(0, 200).map(([lane, dot, finding]) => element('div', { className: 'cause' },
      element('strong', {}, finding), element('p', {}, `${lane.title}: `,
        element('button', { type: 'button', onclick: () => select(dot.number, true) }, `Delivery ${dot.number}, ${dot.event ?? 'no event'}`)))),
  ].filter(Boolean));
  place.scrollTop = 0;
  place.focus();
}
