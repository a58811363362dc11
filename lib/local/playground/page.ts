import { escapeHtml } from '../../contract/escape-html.ts';
import type { Manifest, Signature } from '../../contract/manifest.ts';
import type { TimedPhase } from '../server-timing.ts';
import { codeScript } from './code-script.ts';
import { htmlDocument } from './document.ts';
import { describeInput, inputField } from './field.ts';
import { recordScript } from './record-script.ts';
import type { PlaygroundSamples } from './samples.ts';
import { script } from './script.ts';

export interface PlaygroundOptions {
  samples: PlaygroundSamples;
  /** Whether the server packs again after changes and reports errors at `/_coldpress/state`. */
  watches: boolean;
  /** The last cold start: whether it succeeded, its duration, and the phases that the first answer reported. */
  cold: { isUp: boolean; initMs: number; phases: TimedPhase[] };
}

/** The page may only run its own scripts and send requests to this server. */
export const playgroundPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:";

/** The page at `/_coldpress/`. It is self-contained and fetches only answers. */
export function playgroundPage(manifest: Manifest, { samples, watches, cold }: PlaygroundOptions): string {
  const { name, features, signature } = manifest;
  const inputs = signature.inputs.map(describeInput);
  const described = inputs.map(({ name, datatype, optional, image }) => ({
    name,
    datatype,
    optional,
    image,
  }));
  const isText = features !== undefined && signature.inputs[0]?.datatype === 'BYTES';
  const about = JSON.stringify({ name, inputs: described, isText, ...samples, watches, cold }).replaceAll(
    '<',
    '\\u003c',
  );
  const languages = ['curl', 'TypeScript', 'Python'].map(
    (language, i) =>
      `<button type="button" data-language="${language}" aria-pressed="${i === 0}">${language}</button>`,
  );
  return htmlDocument(
    `${name} · coldpress`,
    `<header><h1>${escapeHtml(name)}</h1><p id="trouble" class="bad" role="status"></p></header>
<main>
<div class="column">
<section aria-labelledby="ask"><h2 id="ask">Request</h2>
<form id="form">
${samples.records.length === 0 ? '' : `${tabs}${recordPanel(samples.records, signature)}`}
<div id="panel-tensors"${samples.records.length === 0 ? '' : ' role="tabpanel" aria-labelledby="tab-tensors" hidden'}>
${sampleButtons('tensors', samples.tensors)}
${inputs.map(inputField).join('\n')}
</div>
<button class="main">Predict</button>
</form></section>
</div>
<div class="column">
<section aria-labelledby="answered"><h2 id="answered">Answer</h2>
<div aria-live="polite"><p id="latency">No request sent yet.</p><pre id="answer" tabindex="0" aria-label="Answer" hidden></pre></div></section>
<section aria-labelledby="starts"><h2 id="starts">Last cold start</h2>
<p id="cold"></p><dl id="phases"></dl></section>
<section aria-labelledby="request"><h2 id="request">As code</h2>
<div class="actions field"><div class="actions" role="group" aria-label="Language">${languages.join('')}</div>
<button type="button" id="copy">Copy</button><a id="save" download="request.json" hidden>Save request.json</a></div>
<p id="copied" role="status"></p>
<pre id="code" tabindex="0" aria-label="Request as code"></pre></section>
</div>
</main>
<script type="application/json" id="about">${about}</script>
<script type="module">${codeScript}${script}${recordScript}</script>`,
  );
}

const tabs = `<div class="actions field" role="tablist" aria-label="What to send">
<button type="button" role="tab" id="tab-record" aria-controls="panel-record" aria-selected="true">Record</button>
<button type="button" role="tab" id="tab-tensors" aria-controls="panel-tensors" aria-selected="false">Tensors</button></div>`;

function recordPanel(records: PlaygroundSamples['records'], { outputs }: Signature): string {
  const extras = outputs.filter(({ onRequest }) => onRequest).map(({ name }) => escapeHtml(name));
  return `<div id="panel-record" role="tabpanel" aria-labelledby="tab-record">
${sampleButtons('records', records)}
<div id="fields" class="columns"></div>
<p id="missing">An empty field is a missing value.</p>
<details><summary>As JSON</summary><label for="record">Record <small>as POST / accepts it</small></label>
<textarea id="record" rows="5" spellcheck="false"></textarea></details>
${extras.length === 0 ? '' : extraOutputs(extras)}
</div>`;
}

/** Outputs that are computed only on request. */
function extraOutputs(names: string[]): string {
  const boxes = names.map(
    name => `<label class="check"><input type="checkbox" data-output="${name}"> ${name}</label>`,
  );
  return `<div class="actions field" role="group" aria-label="Further outputs"><small>Also compute</small>${boxes.join('')}</div>`;
}

function sampleButtons(kind: 'records' | 'tensors', samples: { name: string }[]): string {
  const buttons = samples.map(
    ({ name }, i) =>
      `<button type="button" data-sample="${i}" data-kind="${kind}">${escapeHtml(name)}</button>`,
  );
  return `<div class="actions field" role="group" aria-label="Samples of ${kind}"><small>Fill with</small>${buttons.join('')}</div>`;
}
