/** The playground's browser script; `about` contains the data that the page was made from. */
export const script = String.raw`
const about = JSON.parse(document.getElementById('about').textContent);
const at = id => document.getElementById(id);
const paths = { record: '/', tensors: '/v2/models/' + encodeURIComponent(about.name) + '/infer' };
const fields = about.inputs.map((input, i) => ({
  ...input, box: at('input-' + i), shapeBox: at('shape-' + i),
}));
const extras = [...document.querySelectorAll('[data-output]')];
let language = 'curl';
let mode = about.records.length > 0 ? 'record' : 'tensors';

function fill(sample) {
  for (const field of fields) {
    const given = sample.inputs.find(({ name }) => name === field.name);
    const data = given && (given.data ?? zeros(field.datatype, given.shape));
    field.box.value = given ? JSON.stringify(field.datatype === 'FP32' ? data.map(shorten) : data) : '';
    field.shapeBox.value = JSON.stringify(given ? given.shape : []);
  }
  showRequest();
}

/** Beyond a million the page would be slow, and nobody writes such a tensor by hand. */
function zeros(datatype, shape) {
  const length = shape.reduce((product, size) => product * size, 1);
  return length > 1e6 ? [] : Array(length).fill(datatype === 'BYTES' ? '' : datatype === 'BOOL' ? false : 0);
}

/** The fewest digits that are the same FP32: 17.19 where a double needs 17.190000534057617. */
function shorten(value) {
  const written = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digits => Number(Number(value).toPrecision(digits)));
  return written.find(short => Math.fround(short) === Math.fround(value)) ?? value;
}

/** As it was written: JavaScript's numbers have not all the digits of an INT64. */
function readField(field, what, box) {
  try {
    JSON.parse(box.value);
    return box.value.trim();
  } catch (error) {
    throw new Error(field.name + ': the ' + what + ' is not JSON (' + error.message + ')');
  }
}

/** With the outputs that are computed only on request; a request of tensors names all of its own. */
function pathOf(mode) {
  const wanted = mode === 'record' ? extras.filter(({ checked }) => checked).map(({ dataset }) => encodeURIComponent(dataset.output)) : [];
  return paths[mode] + (wanted.length > 0 ? '?outputs=' + wanted.join(',') : '');
}

function bodyOf(mode) {
  return mode === 'record' ? readRecord() : request();
}

function request() {
  const given = fields.filter(field => !(field.optional && field.box.value.trim() === ''));
  return '{"inputs":[' + given.map(field =>
    '{"name":' + JSON.stringify(field.name) + ',"datatype":"' + field.datatype
    + '","shape":' + readField(field, 'shape', field.shapeBox) + ',"data":' + readField(field, 'value', field.box) + '}',
  ).join(',') + ']}';
}

function showRequest() {
  URL.revokeObjectURL(at('save').href);
  at('copied').textContent = '';
  let isLong = false;
  try {
    const body = bodyOf(mode);
    isLong = body.length > maxInline;
    at('code').textContent = writeCode(language, location.origin + pathOf(mode), body);
    if (isLong) {
      at('save').href = URL.createObjectURL(new Blob([body], { type: 'application/json' }));
    }
  } catch (error) {
    at('code').textContent = error.message;
  }
  at('save').hidden = !isLong;
}

function showCold({ isUp, initMs, phases }) {
  const most = Math.max(...phases.map(({ ms }) => ms), 1);
  at('phases').replaceChildren(...phases.flatMap(({ name, ms }) => {
    const [term, track, figure] = ['dt', 'dd', 'dd'].map(tag => document.createElement(tag));
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.style.width = (100 * ms) / most + '%';
    term.textContent = name;
    track.append(bar);
    figure.textContent = ms.toFixed(1) + ' ms';
    return [term, track, figure];
  }));
  at('cold').textContent = phases.length > 0
    ? 'The phases of the cold start, as the function reports them.'
    : isUp
      ? 'Ready after ' + initMs.toFixed(1) + ' ms. After the first answer, the phases of the cold start appear here.'
      : 'Failed after ' + initMs.toFixed(1) + ' ms. The terminal shows the function’s log.';
}

function noteCold(header) {
  const phases = [...header.matchAll(/([^;,\s]+);dur=([\d.]+)/g)].map(([, name, ms]) => ({ name, ms: Number(ms) }));
  if (phases.length > 0) {
    showCold({ ...about.cold, phases });
  }
}

/** Lists of plain values on one line, and numbers as they came where the browser can tell. */
function pretty(text) {
  const keep = (_, value, context) => typeof value === 'number' && context && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
  const isPlain = value => value === null || typeof value !== 'object' || (JSON.isRawJSON && JSON.isRawJSON(value));
  const write = (value, indent) => {
    if (isPlain(value)) {
      return JSON.stringify(value);
    }
    const isList = Array.isArray(value);
    if (isList && value.every(isPlain)) {
      return '[' + value.map(entry => JSON.stringify(entry)).join(', ') + ']';
    }
    const deeper = indent + '  ';
    const lines = Object.entries(value).map(([key, entry]) => deeper + (isList ? '' : JSON.stringify(key) + ': ') + write(entry, deeper));
    return (isList ? '[' : '{') + '\n' + lines.join(',\n') + '\n' + indent + (isList ? ']' : '}');
  };
  try {
    return write(JSON.parse(text, keep), '');
  } catch {
    return text;
  }
}

function showAnswer(text, isBad) {
  at('answer').className = isBad ? 'bad' : '';
  at('answer').hidden = false;
  at('answer').textContent = text;
  at('answered').scrollIntoView({ block: 'nearest' });
}

/** What the function threw and where, unless the answer has it. */
async function lastException(answer) {
  const { exception } = await fetch('/_coldpress/exception').then(response => response.json()).catch(() => ({}));
  if (!exception || answer.includes(JSON.stringify(exception.message))) {
    return '';
  }
  const places = exception.frames.map(({ file, line, column, code }) => '\n    ' + file + ':' + line + ':' + column + '  ' + code);
  return '\n\n' + exception.message + places.join('');
}

async function ask(event) {
  event.preventDefault();
  at('latency').textContent = 'Sending …';
  try {
    const body = bodyOf(mode);
    const begun = performance.now();
    const response = await fetch(pathOf(mode), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await response.text();
    const tookMs = performance.now() - begun;
    const thrown = response.status >= 500 ? await lastException(text) : '';
    at('latency').textContent = response.status + ' in ' + tookMs.toFixed(1) + ' ms';
    showAnswer(pretty(text) + thrown, !response.ok);
    noteCold(response.headers.get('server-timing') ?? '');
  } catch (error) {
    at('latency').textContent = 'No answer.';
    showAnswer(error.message, true);
  }
}

/** The picture's pixels, scaled to the input's height and width, 0 to 1 for floats, in the input's order. */
async function takePicture(field, canvas, file) {
  const { layout, height, width, channels } = field.image;
  const bitmap = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.clearRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  canvas.hidden = false;
  const pixels = context.getImageData(0, 0, width, height).data;
  const scale = field.datatype.startsWith('FP') ? value => Number((value / 255).toFixed(4)) : Math.round;
  const value = (c, i) => scale(channels === 1 ? (pixels[4 * i] + pixels[4 * i + 1] + pixels[4 * i + 2]) / 3 : pixels[4 * i + c]);
  const size = height * width;
  const data = Array.from({ length: size * channels }, (_, n) =>
    layout === 'NCHW' ? value(Math.floor(n / size), n % size) : value(n % channels, Math.floor(n / channels)));
  field.box.value = JSON.stringify(data);
  field.shapeBox.value = JSON.stringify(layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels]);
  showRequest();
}

for (const [i, field] of fields.entries()) {
  field.box.addEventListener('input', showRequest);
  field.shapeBox.addEventListener('input', showRequest);
  const drop = at('drop-' + i);
  if (drop) {
    const take = file => file && takePicture(field, at('picture-' + i), file).catch(() => {
      at('latency').textContent = 'No request sent.';
      showAnswer(file.name + ' is not a picture that the browser can read', true);
    });
    at('file-' + i).addEventListener('change', event => take(event.target.files[0]));
    drop.addEventListener('dragover', event => { event.preventDefault(); drop.classList.add('over'); });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', event => { event.preventDefault(); drop.classList.remove('over'); take(event.dataTransfer.files[0]); });
  }
}
for (const button of document.querySelectorAll('[data-sample]')) {
  const { sample, kind } = button.dataset;
  button.addEventListener('click', () => kind === 'records' ? fillRecord(about.records[sample].record) : fill(about.tensors[sample].request));
}
const languages = [...document.querySelectorAll('[data-language]')];
for (const button of languages) {
  button.addEventListener('click', () => {
    language = button.dataset.language;
    languages.forEach(other => other.setAttribute('aria-pressed', String(other === button)));
    showRequest();
  });
}
at('copy').addEventListener('click', () => navigator.clipboard.writeText(at('code').textContent).then(
  () => { at('copied').textContent = 'Copied.'; },
  error => { at('copied').textContent = 'Not copied: ' + error.message; },
));
for (const box of extras) {
  box.addEventListener('change', showRequest);
}
at('form').addEventListener('submit', ask);
fill(about.tensors[0].request);
showCold(about.cold);
if (about.watches) {
  setInterval(async () => {
    const state = await fetch('/_coldpress/state').then(response => response.json()).catch(() => undefined);
    const trouble = state ? state.error ?? '' : 'coldpress dev has stopped';
    if (at('trouble').textContent !== trouble) {
      at('trouble').textContent = trouble;
    }
  }, 1000);
}
`;
