/** Of the page of a consent, as a browser runs it. */
export const CONSENT_SCRIPT = `(() => {
'use strict';
const byId = (id) => document.getElementById(id);
let token = decodeURIComponent(location.hash.slice(1));
let consent = null;
let sure = false;

const say = (text, bad = false) => {
  byId('status').textContent = text;
  byId('status').classList.toggle('bad', bad);
};

async function ask(method, more = '', body) {
  const answer = await fetch('/v1/consents/mine' + more, {
    method,
    cache: 'no-store',
    headers: { 'dactyl-consent-token': token, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({}));
  throw new Error(error || 'The server answered ' + answer.status + '.');
}
const guarded = (action) => async (event) => {
  if (event) event.preventDefault();
  try {
    await action();
  } catch (error) {
    say(error.message, true);
  }
};

function fact(name, ...lines) {
  const [term, value] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = name;
  for (const line of lines) {
    const paragraph = document.createElement('p');
    paragraph.textContent = line;
    value.append(paragraph);
  }
  byId('facts').append(term, value);
}

function correction({ item, answer, label }) {
  const [field, select] = ['label', 'select'].map((name) => document.createElement(name));
  select.append(new Option('choose', ''), ...[...answer.classes, 'no digit'].map((name) => new Option(name)));
  select.options[0].disabled = true;
  select.value = label ? label.value : '';
  select.addEventListener('change', guarded(async () => {
    await change({ labels: [{ item, label: select.value }] }, 'Changed.');
    byId('images').children[item - 1].querySelector('select').focus();
  }));
  field.append('It shows ', select);
  return field;
}

function picture(kept) {
  const { image, shape, answer, label, damaged } = kept;
  const item = document.createElement('li');
  if (damaged) {
    item.append(damaged);
    return item;
  }
  if (image !== null) {
    const img = document.createElement('img');
    img.src = image;
    img.alt = 'What the network saw';
    img.classList.toggle('ink', shape.length < 3 || shape[2] === 1);
    const paper = document.createElement('span');
    paper.className = 'paper';
    paper.append(img);
    item.append(paper);
  }
  const read = document.createElement('p');
  read.textContent = 'Read as ' + answer.label + ' (' + Math.round(100 * answer.confidence) + '\u00a0%' + (answer.notSure ? ', not sure' : '') + ').' + (label ? ' Labelled ' + label.value + '.' : '');
  item.append(read, correction(kept));
  return item;
}

async function show() {
  consent = await (await ask('GET')).json();
  const { says, note, items, purposes, given, until, state, restricted, objected, erased } = consent;
  byId('ask').hidden = true;
  byId('shown').hidden = false;
  byId('says').textContent = says;
  byId('note').textContent = note || '';
  byId('images').replaceChildren(...items.map(picture));
  byId('facts').replaceChildren();
  fact('Consented on', given.slice(0, 10));
  fact('For', ...purposes.map(({ purpose, means }) => purpose[0].toUpperCase() + purpose.slice(1) + '. ' + means));
  fact(erased ? 'Would have ended' : 'Ends', until.slice(0, 10));
  fact('Number', consent.consent);
  byId('rights').hidden = state === 'erased';
  byId('restrict').textContent = restricted ? 'Let it be used again' : 'Keep it, but use it for nothing';
  byId('object').textContent = objected ? 'Take my objection back' : 'Object to its use';
  sure = false;
  byId('erase').textContent = 'Withdraw and erase';
}

async function change(body, done) {
  await ask('PATCH', '', body);
  await show();
  say(done);
}

byId('restrict').addEventListener('click', guarded(() => change({ restricted: !consent.restricted }, 'Changed.')));
byId('object').addEventListener('click', guarded(() => change({ objection: !consent.objected }, 'Changed.')));
byId('export').addEventListener('click', guarded(async () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await (await ask('GET', '/export')).blob());
  link.download = 'dactyl-consent-' + consent.consent + '.zip';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say('All of it is in the file ' + link.download + '.');
}));
byId('erase').addEventListener('click', guarded(async () => {
  if (!sure) {
    sure = true;
    byId('erase').textContent = 'Erase for good: press again';
    return;
  }
  await ask('DELETE');
  await show();
  say('Erased.');
}));
byId('ask').addEventListener('submit', guarded(async () => {
  token = byId('token').value.trim();
  say('');
  await show();
}));
if (token === '') {
  byId('ask').hidden = false;
  byId('token').focus();
} else {
  guarded(show)();
}
})()`;
