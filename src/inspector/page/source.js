// The source of deliveries: the API of cfwh, or the data in a saved page.

function serverSource() {
  const request = async (path, options) => {
    let response;
    try {
      response = await fetch(`api/${path}`, { cache: 'no-store', ...options });
    } catch {
      throw new Error('cfwh does not respond. It may have ended; start it again and open the new URL.');
    }
    const data = await response.json().catch(() => ({ message: `cfwh responded with ${response.status}.` }));
    if (!response.ok) throw Object.assign(new Error(data.message), { data, status: response.status });
    return data;
  };
  return {
    isLive: true,
    state: () => request('state'),
    list: (query) => request(`deliveries?${new URLSearchParams(query)}`),
    delivery: (number) => request(`deliveries/${number}`),
    diff: (to, from) => request(`diff?b=${to}${from ? `&a=${from}` : ''}`),
    timeline: () => request('timeline'),
    command: (number, tool) => request(`deliveries/${number}/${tool}`),
    replay: (body) => request('replay', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    }),
    follow(after, handlers) {
      const events = new EventSource(`api/events?after=${after}`);
      events.addEventListener('deliveries', (event) => handlers.deliveries(JSON.parse(event.data)));
      events.addEventListener('refused', (event) => handlers.refused(JSON.parse(event.data)));
      events.addEventListener('ended', () => { events.close(); handlers.ended(); });
      events.onopen = () => handlers.connected();
      events.onerror = () => handlers.lost();
    },
  };
}

function savedSource(data) {
  const inspections = new Map(data.inspections.map((inspection) => [inspection.number, inspection]));
  const missing = (what) => Promise.reject(new Error(`${what} is not in this saved page. fix: open the captures with cfwh inspect.`));
  return {
    isLive: false,
    state: async () => data.state,
    list: async ({ search, before }) => {
      const text = (search || '').toLowerCase();
      const has = (row) => JSON.stringify(inspections.get(row.number)?.request ?? '').toLowerCase().includes(text);
      const rows = before ? [] : data.deliveries;
      return { total: data.deliveries.length, omitted: data.omitted, deliveries: text ? rows.filter(has) : rows };
    },
    delivery: async (number) => inspections.get(number) ?? missing('This delivery'),
    diff: async (to, from) => {
      const found = data.differences.find((diff) => diff.b === to && (!from || diff.a === from));
      return found ?? missing(from ? 'The difference of these two' : 'An earlier delivery to compare with');
    },
    timeline: async () => data.timeline,
    command: async (number, tool) => {
      const commands = inspections.get(number)?.commands;
      return commands?.[tool] ? { command: commands[tool] } : missing('The command');
    },
    replay: () => missing('A replay'),
    follow() {},
  };
}

const saved = document.getElementById('data');
const source = saved ? savedSource(JSON.parse(saved.textContent)) : serverSource();
