import { KEY_SCRIPT } from '../security/keyForm.ts';

/** Of the review page, as a browser runs it. */
export const REVIEW_SCRIPT = `(() => {
'use strict';
const byId = (id) => document.getElementById(id);
const [empty, work, status] = ['empty', 'work', 'status'].map(byId);
const OTHERS = [['no digit', 'n'], ['cannot tell', 'c']];
${KEY_SCRIPT}
let current = null;
let keysOf = new Map();

const say = (text, bad = false) => {
  status.textContent = text;
  status.classList.toggle('bad', bad);
};
const show = (part) => {
  for (const one of [sign, empty, work]) one.hidden = one !== part;
};

async function ask(method, path, body) {
  const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await asked(path, { method, ...sent }).catch((error) => {
    if (error.signedOut) {
      show(sign);
      byId('key').focus();
    }
    throw error;
  });
  const value = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(value && value.error ? value.error : 'The server answered ' + answer.status + '.');
  return value;
}

const report = (error) => say(error.message, error.message !== '');
const guarded = (action) => async (event) => {
  if (event) event.preventDefault();
  try {
    await action(event);
  } catch (error) {
    report(error);
    if (!error.signedOut && error.message.includes('Claim the next one')) await next().catch(report);
  }
};

async function counts() {
  const { waiting, claimed, claimedUntil, decided } = await ask('GET', '/v1/reviews');
  const others = Math.max(0, claimed - (current === null ? 0 : 1));
  byId('counts').textContent = [
    ...(current === null ? [] : ['1 shown here']),
    waiting + ' waiting',
    ...(others === 0 ? [] : [others + ' claimed' + (current === null ? '' : ' elsewhere')]),
    decided + ' decided',
  ].join(' · ');
  // A page that was closed unanswered holds its claim until it ends. The clock of this machine may be wrong.
  const minutes = claimed === 0 ? 0 : Math.min(10, Math.max(1, Math.ceil((Date.parse(claimedUntil) - Date.now()) / 60000)));
  byId('claimed').hidden = claimed === 0;
  byId('claimed').textContent = claimed + ' claimed by reviewers, free again at the latest in ' + minutes + (minutes === 1 ? ' minute.' : ' minutes.');
}

function option(value, letter) {
  const label = document.createElement('label');
  label.className = 'choice';
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'outcome';
  input.value = value;
  const text = document.createElement('span');
  text.textContent = value;
  label.append(input, text);
  if (letter) keysOf.set(letter, input);
  return label;
}

async function next() {
  current = await ask('POST', '/v1/reviews/claim');
  await counts();
  if (current === null) {
    show(empty);
    byId('again').focus();
    return;
  }
  const { choices, image, shape } = current;
  const short = choices.every((choice) => choice.length <= 2);
  keysOf = new Map();
  byId('choices').className = short ? 'choices' : 'choices named';
  byId('choices').replaceChildren(...choices.map((choice) => option(choice, choice.length === 1 ? choice.toLowerCase() : '')));
  byId('others').replaceChildren(...OTHERS.map(([value, letter]) => option(value, keysOf.has(letter) ? '' : letter)));
  const picture = byId('image');
  picture.classList.toggle('ink', shape.length < 3 || shape[2] === 1);
  if (image === null) picture.removeAttribute('src');
  else picture.src = image;
  byId('suggestion').hidden = true;
  const letters = [...keysOf].map(([letter, { value }]) => (letter === value.toLowerCase() ? letter : letter.toUpperCase() + ' for “' + value + '”'));
  const digits = letters.filter((letter) => /^[0-9]$/.test(letter));
  const named = digits.length === 10 ? ['0 to 9', ...letters.filter((letter) => !digits.includes(letter))] : letters;
  byId('keys').textContent = 'Keys choose: ' + named.join(', ') + '. Enter records.';
  chosen();
  show(work);
  // Not the first choice: it would look chosen.
  byId('asked').focus({ preventScroll: true });
}

const choice = () => work.querySelector('input[name=outcome]:checked');

function chosen() {
  const one = choice();
  byId('decide').disabled = one === null;
  byId('show').disabled = one === null || !byId('suggestion').hidden;
  byId('decide').textContent = one === null ? 'Record' : 'Record “' + one.value + '”';
  byId('hint').textContent = one === null ? 'The network’s answer can be shown once you have chosen.' : '';
}

work.addEventListener('change', chosen);
work.addEventListener('submit', guarded(async () => {
  const one = choice();
  if (one === null) return;
  const { review, claim } = current;
  const { outcome, suggestion, override } = await ask('POST', '/v1/reviews/' + review + '/decision', { claim, outcome: one.value });
  one.checked = false;
  byId('suggestion').hidden = true;
  chosen();
  say('Recorded: ' + outcome + (override ? '. The network had answered ' + suggestion + '.' : ', as the network had answered.'));
  await next();
}));
byId('show').addEventListener('click', guarded(async () => {
  const { review, claim } = current;
  const { label, confidence, reason } = await ask('POST', '/v1/reviews/' + review + '/suggestion', { claim });
  const text = byId('suggestion');
  text.textContent = 'The network answered ' + label + ', with a probability of ' + Math.round(100 * confidence) + ' %, and was not sure' + (reason === '' ? '' : ': ' + reason).replace(/\\.$/, '') + '.';
  text.hidden = false;
  chosen();
  // The button is off now; Enter records again.
  choice().focus();
}));
byId('skip').addEventListener('click', guarded(async () => {
  const { review, claim } = current;
  await ask('POST', '/v1/reviews/' + review + '/release', { claim });
  say('Skipped; it is offered again later.');
  await next();
}));
byId('again').addEventListener('click', guarded(next));
onKey(guarded(async () => {
  say('');
  await next();
}));
document.addEventListener('keydown', (event) => {
  if (work.hidden || !byId('shortcuts').checked || event.ctrlKey || event.metaKey || event.altKey) return;
  const input = keysOf.get(event.key.toLowerCase());
  if (input === undefined) return;
  event.preventDefault();
  input.checked = true;
  input.focus();
  chosen();
});
guarded(next)();
})()`;
