import { escapeHtml } from '../../contract/escape-html.ts';
import type { InputSpec } from '../../contract/manifest.ts';
import { type ImageShape, imageOf } from './image.ts';

/** An input in the tab of tensors. */
export interface PlaygroundInput extends InputSpec {
  image?: ImageShape | undefined;
}

export function describeInput(spec: InputSpec): PlaygroundInput {
  return { ...spec, image: imageOf(spec) };
}

export function inputField(input: PlaygroundInput, i: number): string {
  const { name, datatype, optional, image } = input;
  const shape = input.shape === null ? 'any shape' : `[${input.shape.join(', ')}]`;
  const about = `${datatype} ${shape}${optional ? ', optional' : ''}`;
  return `<div class="field"><label for="input-${i}">${escapeHtml(name)} <small>${escapeHtml(about)}</small></label>
<textarea id="input-${i}" rows="5" spellcheck="false"></textarea>
<label for="shape-${i}"><small>shape of ${escapeHtml(name)}</small></label>
<input type="text" id="shape-${i}" spellcheck="false" autocomplete="off">${image === undefined ? '' : drop(name, image, i)}</div>`;
}

function drop(name: string, { width, height }: ImageShape, i: number): string {
  return `<div class="drop" id="drop-${i}"><div><label for="file-${i}">Picture for ${escapeHtml(name)} <small>choose or drop one</small></label>
<input type="file" accept="image/*" id="file-${i}"></div>
<canvas id="picture-${i}" width="${width}" height="${height}" role="img" aria-label="What the model gets of the picture" hidden></canvas></div>`;
}
