import { escapeHtml } from '../../contract/escape-html.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import type { Exchange } from './endpoint.ts';
import type { Loaded } from './loaded.ts';
import type { Route } from './route.ts';
import type { HttpResponse } from './types.ts';

// Only paths, names and labels may break inside a word; they have no spaces.
const style =
  ':root{color-scheme:light dark;background:Canvas;color:CanvasText}body{font:16px/1.5 system-ui;max-width:50em;margin:2em auto;padding:0 1em}h1{overflow-wrap:anywhere}a{color:inherit}td,th{text-align:left;vertical-align:top;padding:.1em .8em .1em 0}th{white-space:nowrap}.paths td:nth-child(2),.tensors td:nth-child(1),.tensors td:nth-child(4){overflow-wrap:anywhere}pre{border:1px solid #888;padding:1em;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}';

/** Returns a page for people who open the endpoint in a browser; it loads nothing and runs no script. */
export function answerDocs(
  { endpoint, request }: Exchange,
  routes: readonly Route[],
  loaded: Loaded,
): HttpResponse {
  loaded.negotiateType(request.headers.accept, ['text/html']);
  const { manifest, version, signature } = endpoint.model;
  const name = escapeHtml(manifest.name);
  const described = routes.filter(route => route.summary !== undefined);
  const inputs = signature.inputs.map(({ name, datatype, shape }) =>
    JSON.stringify({ name, datatype, shape: shape ?? [], data: ['…'] }, null, 1).replaceAll(/\n */g, ' '),
  );
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${name}</title><style>${style}</style>
<main><h1>${name}</h1><p>Version ${escapeHtml(version)}. <a href="openapi.json">openapi.json</a> describes this API for programs.</p>
<h2>Paths</h2>${table(
    'paths',
    ['Method', 'Path', 'Purpose'],
    described.map(({ method, path, summary }) => [method, path, summary!]),
  )}
<h2>Inputs</h2>${tensorTable(signature.inputs)}<h2>Outputs</h2>${tensorTable(signature.outputs)}
<h2>An inference request</h2><p>In a shape, a name or -1 means any size.</p><pre tabindex="0">POST /v2/models/${name}/infer
content-type: application/json

${escapeHtml(`{ "inputs": [\n  ${inputs.join(',\n  ')}\n] }`)}</pre></main></html>
`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body };
}

function tensorTable(specs: readonly TensorSpec[]): string {
  return table('tensors', ['Name', 'Datatype', 'Shape', 'Labels'], specs.map(describe));
}

function describe({ name, datatype, shape, labels }: TensorSpec): string[] {
  return [name, datatype, shape === null ? 'any shape' : `[${shape.join(', ')}]`, labels?.join(', ') ?? ''];
}

function table(kind: 'paths' | 'tensors', columns: string[], rows: string[][]): string {
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map(cell => `<${tag}>${escapeHtml(cell)}`).join('')}`;
  return `<table class="${kind}">${row(columns, 'th')}${rows.map(cells => row(cells, 'td')).join('')}</table>`;
}
