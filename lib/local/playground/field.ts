import { escapeHtml } from '../../contract/escape-html.ts';
import type { InputSpec, Manifest } from '../../contract/manifest.ts';
import { type ImageShape, imageOf } from './image.ts';

/** An input, as the page asks for it. */
export interface PlaygroundInput extends InputSpec {
  image?: ImageShape | undefined;
  /** Of the columns of a row, where they are known: each has a field of its own. */
  features?: string[];
}

/** More of them are no form that anyone fills, and no small page. */
const maxColumns = 100;

export function describeInput(spec: InputSpec, { features, signature }: Manifest): PlaygroundInput {
  const isTable = features !== undefined && features.length <= maxColumns && signature.inputs.length === 1;
  return { ...spec, image: imageOf(spec), ...(isTable && { features }) };
}

export function inputField(input: PlaygroundInput, i: number): string {
  const { name, datatype, optional, features, image } = input;
  const shape = input.shape === null ? 'any shape' : `[${input.shape.join(', ')}]`;
  const about = `${datatype} ${shape}${optional ? ', optional' : ''}`;
  const tensor = `<label for="input-${i}">${escapeHtml(name)} <small>${escapeHtml(about)}</small></label>
<textarea id="input-${i}" rows="5" spellcheck="false"></textarea>
<label for="shape-${i}"><small>shape of ${escapeHtml(name)}</small></label>
<input type="text" id="shape-${i}" spellcheck="false" autocomplete="off">`;
  if (features !== undefined) {
    return `<div class="field">${columns(input, features, i)}<details><summary>As a tensor</summary>${tensor}</details></div>`;
  }
  return `<div class="field">${tensor}${image === undefined ? '' : drop(name, image, i)}</div>`;
}

function columns({ datatype }: PlaygroundInput, features: string[], i: number): string {
  const type = datatype === 'BYTES' ? 'type="text"' : 'type="number" step="any" required';
  const fields = features.map(
    feature =>
      `<label><small>${escapeHtml(feature)}</small><input ${type} autocomplete="off" data-column="${i}"></label>`,
  );
  return `<fieldset id="columns-${i}" class="columns"><legend>One row</legend>${fields.join('\n')}</fieldset>
<p id="rows-${i}" hidden>Several rows: see them as a tensor.</p>`;
}

function drop(name: string, { width, height }: ImageShape, i: number): string {
  return `<div class="drop" id="drop-${i}"><div><label for="file-${i}">Picture for ${escapeHtml(name)} <small>choose or drop one</small></label>
<input type="file" accept="image/*" id="file-${i}"></div>
<canvas id="picture-${i}" width="${width}" height="${height}" role="img" aria-label="What the model gets of the picture" hidden></canvas></div>`;
}
