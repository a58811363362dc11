import type { Manifest, TensorSpec } from '../../manifest.ts';
import { imageOf } from './image.ts';
import type { Sample } from './samples.ts';
import { script } from './script.ts';
import { style } from './style.ts';

export interface PlaygroundOptions {
  samples: Sample[];
  /** Whether the server packs anew and tells at `/_coldpress/state` what is wrong. */
  watches: boolean;
}

/** The page at `/_coldpress/`: whole, with nothing to fetch but answers. */
export function playgroundPage(
  { name, signature }: Manifest,
  { samples, watches }: PlaygroundOptions,
): string {
  const inputs = signature.inputs.map(spec => ({ ...spec, image: imageOf(spec) }));
  const about = JSON.stringify({ name, inputs, samples, watches }).replaceAll('<', '\\u003c');
  const sampleButtons = samples.map(
    (sample, i) => `<button type="button" data-sample="${i}">${escapeHtml(sample.name)}</button>`,
  );
  const languages = ['curl', 'TypeScript', 'Python'].map(
    (language, i) =>
      `<button type="button" data-language="${language}" aria-pressed="${i === 0}">${language}</button>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(name)} · coldpress</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeHtml(name)}</h1><p id="trouble" class="bad" role="status"></p></header>
<main>
<div>
<section aria-labelledby="ask"><h2 id="ask">Inputs</h2>
<form id="form">
<div class="actions field" role="group" aria-label="Samples">${sampleButtons.join('')}</div>
${signature.inputs.map(field).join('\n')}
<div class="actions"><button class="main">Predict</button></div>
</form></section>
</div>
<div>
<section aria-labelledby="answered"><h2 id="answered">Answer</h2>
<div aria-live="polite"><p id="latency">Not asked yet.</p><pre id="answer" tabindex="0" aria-label="Answer"></pre></div></section>
<section aria-labelledby="starts"><h2 id="starts">Last cold start</h2>
<p id="cold">The first answer of a new process tells its phases.</p><dl id="phases"></dl></section>
<section aria-labelledby="request"><h2 id="request">Request</h2>
<div class="actions field" role="group" aria-label="Language">${languages.join('')}</div>
<pre id="code" tabindex="0" aria-label="Request as code"></pre></section>
</div>
</main>
<script type="application/json" id="about">${about}</script>
<script>${script}</script>
</body>
</html>
`;
}

function field(spec: TensorSpec, i: number): string {
  const shape = spec.shape === null ? 'any shape' : `[${spec.shape.join(', ')}]`;
  const drop = imageOf(spec)
    ? `<div class="drop" id="drop-${i}"><label for="file-${i}">Picture for ${escapeHtml(spec.name)} <small>choose or drop one</small></label><input type="file" accept="image/*" id="file-${i}"></div>`
    : '';
  return `<div class="field"><label for="input-${i}">${escapeHtml(spec.name)} <small>${spec.datatype} ${escapeHtml(shape)}${spec.optional ? ', optional' : ''}</small></label>
<textarea id="input-${i}" rows="6" spellcheck="false"></textarea>
<label for="shape-${i}"><small>shape of ${escapeHtml(spec.name)}</small></label>
<textarea id="shape-${i}" rows="1" spellcheck="false" style="min-height:2.4rem"></textarea>${drop}</div>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
