/** The playground's style: the reader's own light or dark, and colours that keep 4.5 to 1 in both. */
export const style = `
:root { color-scheme: light dark; --ink: #1b2430; --muted: #55606e; --paper: #fbfcfd; --card: #fff; --line: #cfd6de;
  --accent: #0b5cad; --on-accent: #fff; --bad: #a8201a; --bar: #3b82c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --muted: #a3afbd; --paper: #12171d; --card: #1a2129;
  --line: #38434f; --accent: #7cb9f5; --on-accent: #0c1723; --bad: #ff9c94; --bar: #5a9bd8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; padding-bottom: 0; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
p { margin: 0 0 .75rem; color: var(--muted); }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin-bottom: 1rem; min-width: 0; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
label small, legend small { font-weight: 400; color: var(--muted); }
textarea, pre { width: 100%; font: 13px/1.5 ui-monospace, monospace; color: inherit; }
textarea { border: 1px solid var(--muted); border-radius: .375rem; background: var(--paper); padding: .5rem; resize: vertical; min-height: 5rem; }
pre { margin: 0; overflow: auto; max-height: 20rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.field { margin-bottom: 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; }
button { font: inherit; padding: .4rem .9rem; border-radius: .375rem; border: 1px solid var(--muted); background: none; color: var(--ink); cursor: pointer; }
button.main, button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.drop { border: 2px dashed var(--muted); border-radius: .375rem; padding: .6rem; margin-top: .5rem; }
.drop.over { border-color: var(--accent); }
.bad { color: var(--bad); white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr max-content; gap: .3rem .75rem; margin: 0; align-items: center; }
dt, dd { margin: 0; }
.bar { height: .75rem; background: var(--bar); border-radius: 2px; min-width: 2px; }
`;
