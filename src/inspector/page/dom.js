'use strict';
// Text of deliveries becomes text nodes and never HTML. Only `element` creates elements.

// Invisible characters, and characters that change the text direction.
const HIDDEN = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff])/;

// Text in which such characters are shown as codes. The codes are not copied.
function visible(text) {
  if (typeof text !== 'string' || !HIDDEN.test(text)) return text;
  return text.split(HIDDEN).map((part, index) => {
    if (index % 2 === 0) return part;
    const made = document.createElement('span');
    made.className = 'control';
    made.dataset.code = `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return made;
  });
}

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes('-')) made[key] = value;
    else made.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat(3).map(visible).flat()) {
    if (child !== undefined && child !== null && child !== false && child !== '') made.append(child);
  }
  return made;
}

const find = (id) => document.getElementById(id);
const SIGNS = { bad: '✕', warn: '!', ok: '✓', plain: '·' };
const SPOKEN = { bad: 'failed', warn: 'warnings', ok: 'no problems', plain: 'not checked' };

function announce(text) {
  find('announce').textContent = text;
}

let toastTimer;
function toast(text) {
  const shown = find('toast');
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { shown.hidden = true; }, 4000);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element('textarea', { value: text });
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) return toast('The browser does not allow copying: select the text and copy it.');
  }
  toast(`Copied ${what}.`);
}

const clock = (at) => new Date(at).toLocaleTimeString([], { hour12: false });
const moment = (at) => {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};
const size = (bytes) => (bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`);
const time = (ms) => (ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);
const plural = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

function debounce(work, pause) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), pause);
  };
}
