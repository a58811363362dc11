/** The part of the playground's script that shows a request as a program that is ready to run. */
export const codeScript = String.raw`
/** Longer ones are read from a file: a command line holds 128 KiB, and a reader less. */
const maxInline = 8000;
const shellQuote = text => "'" + text.replaceAll("'", "'\\''") + "'";
/** JavaScript's numbers would lose digits of these. */
const hasBigNumber = text => /(^|[^\w."])-?\d{16,}(?![\w."])/.test(text);

/** JSON with two spaces (a program's literals with their own words), and lists of plain values on one line. */
function literal(value, unit, words, indent = '') {
  if (value === null || typeof value !== 'object' || (JSON.isRawJSON && JSON.isRawJSON(value))) {
    return words[String(value)] && typeof value !== 'string' ? words[String(value)] : JSON.stringify(value);
  }
  const isList = Array.isArray(value);
  const deeper = indent + unit;
  const entries = Object.entries(value).map(([key, entry]) => (isList ? '' : JSON.stringify(key) + ': ') + literal(entry, unit, words, deeper));
  const [open, close] = isList ? '[]' : '{}';
  if (entries.length === 0 || (isList && value.every(entry => entry === null || typeof entry !== 'object'))) {
    return open + entries.join(', ') + close;
  }
  return open + '\n' + entries.map(entry => deeper + entry).join(',\n') + ',\n' + indent + close;
}

const withoutTrailingCommas = text => text.replace(/,(\n\s*[\]}])/g, '$1');
const pythonWords = { true: 'True', false: 'False', null: 'None' };

const writers = {
  curl: (url, body) => 'curl ' + shellQuote(url) + ' --json '
    + (body === null ? '@request.json' : shellQuote(hasBigNumber(body) ? body : withoutTrailingCommas(literal(JSON.parse(body), '  ', {})))),
  TypeScript: (url, body) => (body === null ? "import { readFile } from 'node:fs/promises';\n\n" : '')
    + 'const response = await fetch(' + JSON.stringify(url) + ", {\n  method: 'POST',\n"
    + "  headers: { 'content-type': 'application/json' },\n  body: "
    + (body === null ? "await readFile('request.json')" : hasBigNumber(body) ? JSON.stringify(body) : 'JSON.stringify(' + literal(JSON.parse(body), '  ', {}, '  ') + ')')
    + ',\n});\nif (!response.ok) {\n  throw new Error(await response.text());\n}\nconsole.log(await response.json());',
  Python: (url, body) => 'import json\nfrom urllib.request import Request, urlopen\n\n'
    + (body === null ? 'with open("request.json", "rb") as file:\n    body = file.read()\n'
      : hasBigNumber(body) ? 'body = ' + JSON.stringify(body) + '.encode()\n'
      : 'body = json.dumps(' + literal(JSON.parse(body), '    ', pythonWords) + ').encode()\n')
    + 'request = Request(\n    ' + JSON.stringify(url) + ',\n    data=body,\n    headers={"Content-Type": "application/json"},\n)\n'
    + 'with urlopen(request) as response:\n    print(json.load(response))',
};

function writeCode(language, url, body) {
  return writers[language](url, body.length > maxInline ? null : body);
}
`;
