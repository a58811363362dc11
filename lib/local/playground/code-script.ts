/** The part of the playground's script that writes a request as a program. */
export const codeScript = String.raw`
/** Longer ones are read from a file: a command line holds 128 KiB, and a reader less. */
const maxInline = 8000;
const quote = text => "'" + text.replaceAll("'", "'\\''") + "'";
const writers = {
  curl: (url, body) => 'curl -s ' + quote(url) + ' --json ' + (body === null ? '@request.json' : quote(body)),
  TypeScript: (url, body) => (body === null ? "import { readFile } from 'node:fs/promises';\n\n" : '')
    + 'const response = await fetch(' + JSON.stringify(url) + ", {\n  method: 'POST',\n"
    + "  headers: { 'content-type': 'application/json' },\n  body: "
    + (body === null ? "await readFile('request.json')" : JSON.stringify(body)) + ',\n});\nconsole.log(await response.json());',
  Python: (url, body) => 'import json\nimport urllib.request\n\nrequest = urllib.request.Request(\n    ' + JSON.stringify(url)
    + ',\n    data=' + (body === null ? 'open("request.json", "rb").read()' : JSON.stringify(body) + '.encode()')
    + ',\n    headers={"content-type": "application/json"},\n)\nprint(json.load(urllib.request.urlopen(request)))',
};

function writeCode(language, url, body) {
  return writers[language](url, body.length > maxInline ? null : body);
}
`;
