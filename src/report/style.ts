/** The style sheet of the page. Colours follow the reader's light or dark mode; all text keeps a contrast of 4.5. */

/** Levels of a tenth each, as classes: a strict page allows no style at an element. */
const levels = Array.from({ length: 10 }, (_, i) => i + 1)
  .map((level) => {
    const opacity = (0.06 + 0.048 * level).toFixed(3);
    return `.right-${level}{background:rgb(59 118 214/${opacity})}.wrong-${level}{background:rgb(224 112 40/${opacity})}`;
  })
  .join('\n');

export const styleSheet = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2128;--muted:#59636e;--line:#d5dae0;--bad:#b3261e;--accent:#2f6fd0}
@media (prefers-color-scheme:dark){
:root{--paper:#14181d;--ink:#e6e9ed;--muted:#9aa4b0;--line:#343b44;--bad:#ff8f85;--accent:#6ea2f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;
overflow-wrap:anywhere;-webkit-text-size-adjust:100%;text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 .25rem}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{margin:.4rem 0;max-width:75ch}
.lead,.note,small{color:var(--muted)}
.note{font-size:.9rem}
.warning{color:var(--bad);font-weight:600}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,10rem),1fr));gap:.75rem 1.5rem;margin:1rem 0}
dt{color:var(--muted);font-size:.85rem}
dd{margin:0}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1.5rem}
figure{margin:0}
.figures figure{max-width:34rem}
figcaption{font-size:.95rem}
.plot{display:block;width:100%;height:auto}
.plot text{white-space:pre}
.wide{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{border-bottom:2px solid var(--line)}
th{font-weight:600}
.number,.metrics td,.metrics thead th,.confusion td,.confusion thead th{text-align:right}
.confusion td{min-width:3.6rem;border:1px solid var(--paper);white-space:nowrap}
.confusion tbody th{position:sticky;left:0;background:var(--paper);border:0;max-width:9rem;overflow-wrap:anywhere}
.confusion small{display:block;color:inherit;font-size:.75rem}
.none{color:var(--muted)}
.sum{color:var(--muted)}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:1rem .75rem;margin-top:.75rem}
.gallery img{display:block;width:84px;height:84px;image-rendering:pixelated;border:1px solid var(--line)}
.gallery figcaption{font-size:.8rem;line-height:1.35;margin-top:.25rem}
.gallery small{display:block}
.miss b+b,tr.miss td:nth-child(3){color:var(--bad)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.9rem;padding:0;margin:.25rem 0;list-style:none}
.legend svg{width:.8em;height:.8em;margin-right:.35em}
math[display=block]{margin:.7rem 0}
h3 math,h2 math{font-size:1.1em}
footer{margin-top:3rem;color:var(--muted);font-size:.85rem}
@media (max-width:36rem){th,td{padding:.3rem .4rem}.confusion td{min-width:0}}
@media print{main{max-width:none}.wide{overflow:visible}}
${levels}
`;
