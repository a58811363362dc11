/** The part of the playground's script that shows a record as a form. The fields edit the JSON text that is sent. */
export const recordScript = String.raw`
/** Numbers as they are written: JavaScript's have not all the digits of an INT64. */
const keepDigits = (_, value, context) => typeof value === 'number' && context && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
const plainText = value => value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

const choicesOf = name => Object.hasOwn(about.choices, name) ? about.choices[name] : [true, false];

function kindOf(name, value) {
  if (typeof value === 'boolean' || Object.hasOwn(about.choices, name)) {
    return 'choice';
  }
  if (typeof value === 'string') {
    return value.length > 30 || /text|message|comment|description/i.test(name) ? 'long' : 'text';
  }
  if (typeof value === 'number' || (JSON.isRawJSON && JSON.isRawJSON(value))) {
    return 'number';
  }
  if (value !== null) {
    return 'json';
  }
  const input = about.inputs.find(({ name: other }) => other === name);
  return about.isText || (input && input.datatype === 'BYTES') ? 'text' : 'number';
}

function control(kind, name, value) {
  if (kind === 'choice') {
    const select = document.createElement('select');
    // A value that the model does not know may be tried, too.
    const texts = [...new Set([...choicesOf(name), value].filter(choice => choice !== null).map(choice => JSON.stringify(choice)))];
    select.append(new Option('missing', ''), ...texts.map(text => new Option(String(JSON.parse(text)) || '(empty text)', text)));
    return select;
  }
  if (kind === 'long' || kind === 'json') {
    return Object.assign(document.createElement('textarea'), { rows: 3 });
  }
  const input = Object.assign(document.createElement('input'), { type: kind === 'number' ? 'number' : 'text', autocomplete: 'off', placeholder: 'missing' });
  return kind === 'number' ? Object.assign(input, { step: 'any' }) : input;
}

/** A field for each key of the record in the text; none where it is no object, or no JSON yet. */
function showFields() {
  let record;
  try { record = JSON.parse(at('record').value, keepDigits); } catch { record = undefined; }
  const isObject = record !== null && typeof record === 'object' && !Array.isArray(record);
  const entries = isObject ? Object.entries(record) : [];
  at('fields').hidden = at('missing').hidden = entries.length === 0 || entries.length > 200;
  at('fields').replaceChildren(...(at('fields').hidden ? [] : entries).map(([name, value]) => {
    const kind = kindOf(name, value);
    const label = document.createElement('label');
    const small = Object.assign(document.createElement('small'), { textContent: name });
    const box = control(kind, name, value);
    box.value = kind === 'choice' && value !== null ? JSON.stringify(value) : plainText(value);
    Object.assign(box.dataset, { field: name, kind });
    box.addEventListener('input', takeFields);
    label.className = kind === 'long' || kind === 'json' ? 'wide' : '';
    label.append(small, box);
    return label;
  }));
}

function takeFields() {
  const parts = [...document.querySelectorAll('[data-field]')].map(({ value, dataset: { field, kind } }) => {
    // A text may be empty; what is chosen or a number may not.
    const isMissing = value.trim() === '' && kind !== 'long';
    const text = isMissing ? 'null' : kind === 'text' || kind === 'long' ? JSON.stringify(value) : value.trim();
    return '  ' + JSON.stringify(field) + ': ' + text;
  });
  at('record').value = '{\n' + parts.join(',\n') + '\n}';
  showRequest();
}

function readRecord() {
  try {
    JSON.parse(at('record').value);
    return at('record').value.trim();
  } catch (error) {
    throw new Error('The record is not JSON (' + error.message + ')');
  }
}

function fillRecord(record) {
  at('record').value = JSON.stringify(record, null, 2);
  showFields();
  showRequest();
}

const tabs = [...document.querySelectorAll('[role=tab]')];
function choose(tab) {
  mode = tab.id === 'tab-record' ? 'record' : 'tensors';
  for (const other of tabs) {
    other.setAttribute('aria-selected', String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
    at(other.getAttribute('aria-controls')).hidden = other !== tab;
  }
  showRequest();
}
for (const [i, tab] of tabs.entries()) {
  tab.tabIndex = i === 0 ? 0 : -1;
  tab.addEventListener('click', () => choose(tab));
  tab.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowRight' || key === 'ArrowLeft') {
      const next = tabs[(i + 1) % tabs.length];
      next.focus();
      choose(next);
    }
  });
}
if (mode === 'record') {
  fillRecord(about.records[0].record);
  at('record').addEventListener('input', () => { showFields(); showRequest(); });
}
`;
