import { escapeHtml } from '../../contract/escape-html.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import type { negotiateType } from './accept.ts';
import type { Exchange } from './endpoint.ts';
import type { HttpResponse } from './types.ts';

const style =
  ':root{color-scheme:light dark;background:Canvas;color:CanvasText}body{font:16px/1.5 system-ui;max-width:50em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}a{color:inherit}td,th{text-align:left;vertical-align:top;padding:.1em 1em .1em 0}pre{border:1px solid #888;padding:1em;overflow:auto;white-space:pre-wrap}';

/** Functions that are already loaded, so that this chunk does not include them again. */
export interface Loaded {
  negotiateType: typeof negotiateType;
}

/** Returns a page for people who open the endpoint in a browser; it loads nothing and runs no script. */
export function answerDocs({ endpoint, request, routes }: Exchange, loaded: Loaded): HttpResponse {
  loaded.negotiateType(request.headers.accept, ['text/html']);
  const { manifest, version, signature } = endpoint.model;
  const name = escapeHtml(manifest.name);
  const described = routes.filter(route => route.summary !== undefined);
  const example = {
    inputs: signature.inputs.map(({ name, datatype, shape }) => ({
      name,
      datatype,
      shape: shape ?? [],
      data: ['…'],
    })),
  };
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${name}</title><style>${style}</style>
<main><h1>${name}</h1><p>Version ${escapeHtml(version)}. Machines read <a href="openapi.json">openapi.json</a>.</p>
<h2>Paths</h2>${table(
    described.map(({ method, path, summary }) => [method, path, summary!]),
    ['Method', 'Path', 'What it does'],
  )}
<h2>Inputs</h2>${table(signature.inputs.map(describe), tensorColumns)}<h2>Outputs</h2>${table(signature.outputs.map(describe), tensorColumns)}
<h2>An inference</h2><pre tabindex="0">POST /v2/models/${name}/infer
content-type: application/json

${escapeHtml(JSON.stringify(example, null, 2))}</pre></main></html>
`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body };
}

function describe({ name, datatype, shape, labels }: TensorSpec): string[] {
  return [name, datatype, shape === null ? 'any shape' : `[${shape.join(', ')}]`, labels?.join(', ') ?? ''];
}

const tensorColumns = ['Name', 'Datatype', 'Shape', 'Labels'];

function table(rows: string[][], columns: string[]): string {
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map(cell => `<${tag}>${escapeHtml(cell)}`).join('')}`;
  return `<table>${row(columns, 'th')}${rows.map(cells => row(cells, 'td')).join('')}</table>`;
}
