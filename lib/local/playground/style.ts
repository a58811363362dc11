/** The playground's style: light or dark as the reader prefers, with a contrast of at least 4.5 to 1 in both. */
export const style = `
:root { color-scheme: light dark; --ink: #1b2430; --muted: #55606e; --paper: #fbfcfd; --card: #fff; --line: #cfd6de;
  --accent: #0b5cad; --on-accent: #fff; --bad: #a8201a; --bar: #3b82c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --muted: #a3afbd; --paper: #12171d; --card: #1a2129;
  --line: #38434f; --accent: #7cb9f5; --on-accent: #0c1723; --bad: #ff9c94; --bar: #5a9bd8; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; padding-bottom: 0; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
p { margin: 0; color: var(--muted); }
p + pre, p + dl { margin-top: .75rem; }
p:empty, dl:empty { display: none; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; }
.column { display: grid; gap: 1rem; min-width: 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-width: 0; }
label { display: block; font-weight: 600; margin: .75rem 0 .25rem; overflow-wrap: anywhere; }
small { font-weight: 400; color: var(--muted); }
textarea, select, input[type=text], input[type=number], pre { width: 100%; font: 13px/1.5 ui-monospace, monospace; color: inherit; }
textarea, select, input[type=text], input[type=number] { border: 1px solid var(--muted); border-radius: .375rem; background: var(--paper); padding: .4rem .5rem; }
textarea { resize: vertical; min-height: 3rem; max-height: 12rem; field-sizing: content; display: block; }
::placeholder { color: var(--muted); opacity: 1; }
#copy { margin-left: auto; }
pre { margin: 0; overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 7.5rem), 1fr)); gap: .25rem .75rem; align-items: end; }
.columns input, .columns select { height: 2.1rem; margin-top: .15rem; }
.columns label { margin: .25rem 0 0; line-height: 1.3; }
.check { margin: 0; font-weight: 400; }
.columns .wide { grid-column: 1 / -1; }
#missing { margin-top: .5rem; font-size: .85rem; }
.columns input { appearance: textfield; }
details { margin-bottom: .6rem; }
summary { cursor: pointer; margin-top: .75rem; width: max-content; }
.field { margin-bottom: 1rem; }
.field > label:first-child { margin-top: 0; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
button, #save { font: inherit; padding: .4rem .9rem; border-radius: .375rem; border: 1px solid var(--muted); background: none; color: var(--ink); cursor: pointer; text-decoration: none; }
button:hover, #save:hover { border-color: var(--accent); }
button.main { margin-top: 1rem; }
button.main, button[aria-pressed=true], button[aria-selected=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.drop { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: center; border: 2px dashed var(--muted); border-radius: .375rem; padding: .6rem; margin-top: .75rem; }
.drop > div { min-width: 0; }
.drop label { margin-top: 0; }
.drop input { max-width: 100%; font: inherit; color: inherit; }
.drop.over { border-color: var(--accent); }
canvas { width: 64px; height: 64px; object-fit: contain; border: 1px solid var(--line); }
.bad { color: var(--bad); white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr max-content; gap: .3rem .75rem; margin: 0; align-items: center; }
dt, dd { margin: 0; }
dd:nth-of-type(even) { text-align: right; font-variant-numeric: tabular-nums; }
.bar { height: .75rem; background: var(--bar); border-radius: 2px; min-width: 2px; }
`;
