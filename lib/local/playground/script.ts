/** The playground's script, as the browser runs it; `about` is what the page was made of. */
export const script = String.raw`
const about = JSON.parse(document.getElementById('about').textContent);
const at = id => document.getElementById(id);
const path = '/v2/models/' + encodeURIComponent(about.name) + '/infer';
const fields = about.inputs.map((input, i) => ({ ...input, box: at('input-' + i), shapeBox: at('shape-' + i) }));
let shown = 'curl';

function fill(sample) {
  for (const field of fields) {
    const given = sample.inputs.find(({ name }) => name === field.name);
    field.box.value = given ? JSON.stringify(given.data) : '';
    field.shapeBox.value = JSON.stringify(given ? given.shape : []);
  }
  showRequest();
}

function readField(field, what, box) {
  try {
    return JSON.parse(box.value);
  } catch (error) {
    throw new Error(field.name + ': the ' + what + ' is not JSON (' + error.message + ')');
  }
}

function request() {
  const given = fields.filter(field => !(field.optional && field.box.value.trim() === ''));
  return { inputs: given.map(field => ({
    name: field.name, datatype: field.datatype,
    shape: readField(field, 'shape', field.shapeBox), data: readField(field, 'value', field.box),
  })) };
}

const quote = text => "'" + text.replaceAll("'", "'\\''") + "'";
const writers = {
  curl: (url, body) => 'curl -s ' + quote(url) + ' --json ' + quote(body),
  TypeScript: (url, body) => 'const response = await fetch(' + JSON.stringify(url) + ", {\n  method: 'POST',\n"
    + "  headers: { 'content-type': 'application/json' },\n  body: JSON.stringify(" + body + "),\n});\nconsole.log(await response.json());",
  Python: (url, body) => 'import json\nimport urllib.request\n\nrequest = urllib.request.Request(\n    ' + JSON.stringify(url)
    + ',\n    data=' + JSON.stringify(body) + '.encode(),\n    headers={"content-type": "application/json"},\n)\n'
    + 'print(json.load(urllib.request.urlopen(request)))',
};

function showRequest() {
  try {
    at('code').textContent = writers[shown](location.origin + path, JSON.stringify(request()));
  } catch (error) {
    at('code').textContent = error.message;
  }
}

function showBars(header) {
  const phases = [...header.matchAll(/([^;,\s]+);dur=([\d.]+)/g)].map(([, name, ms]) => ({ name, ms: Number(ms) }));
  if (phases.length === 0) {
    return;
  }
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
  at('cold').textContent = 'Where the time of the last cold start went, as the function tells it.';
}

function showAnswer(text, isBad) {
  at('answer').className = isBad ? 'bad' : '';
  at('answer').textContent = text;
}

async function ask(event) {
  event.preventDefault();
  try {
    const body = JSON.stringify(request());
    const begun = performance.now();
    const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await response.text();
    at('latency').textContent = response.status + ' in ' + (performance.now() - begun).toFixed(1) + ' ms';
    let pretty = text;
    try { pretty = JSON.stringify(JSON.parse(text), null, 1).replace(/\n\s+(?=[-\d"\]][^:{[]*(,|\n|$))/g, ' '); } catch {}
    showAnswer(pretty, !response.ok);
    showBars(response.headers.get('server-timing') ?? '');
  } catch (error) {
    at('latency').textContent = 'not answered';
    showAnswer(error.message, true);
  }
}

/** The picture's pixels, scaled to the input's height and width, 0 to 1 for floats, in the input's order. */
async function takePicture(field, file) {
  const { layout, height, width, channels } = field.image;
  const bitmap = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  const scale = field.datatype.startsWith('FP') ? value => Number((value / 255).toFixed(4)) : value => value;
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
    const take = file => file && takePicture(field, file).catch(error => showAnswer('not a picture: ' + error.message, true));
    at('file-' + i).addEventListener('change', event => take(event.target.files[0]));
    drop.addEventListener('dragover', event => { event.preventDefault(); drop.classList.add('over'); });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', event => { event.preventDefault(); drop.classList.remove('over'); take(event.dataTransfer.files[0]); });
  }
}
for (const button of document.querySelectorAll('[data-sample]')) {
  button.addEventListener('click', () => fill(about.samples[Number(button.dataset.sample)].request));
}
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    shown = button.dataset.language;
    document.querySelectorAll('[data-language]').forEach(other => other.setAttribute('aria-pressed', String(other === button)));
    showRequest();
  });
}
at('form').addEventListener('submit', ask);
fill(about.samples[0].request);
if (about.watches) {
  setInterval(async () => {
    const state = await fetch('/_coldpress/state').then(response => response.json()).catch(() => undefined);
    at('trouble').textContent = state?.error ?? '';
  }, 1000);
}
`;
