import { themeVariables } from './theme.ts';

/** Style sheet of the page: light, dark, phone and A4 paper. */
export const STYLE = `
:root{color-scheme:light dark;${themeVariables('light')};--page:#ffffff;--soft:#f6f7f9;--link:#0b57a4;--focus:#0b57a4;
--good:#00694f;--bad:#a3195b;--same:#3a4a7d;--on-state:#ffffff}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')};--page:#15181d;--soft:#1d2127;--link:#8ec3f7;--focus:#8ec3f7;
--good:#4fcfa6;--bad:#f48cb6;--same:#aebcf0;--on-state:#0d1117}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1.5rem}
body{margin:0;overflow-wrap:break-word;background:var(--page);color:var(--ink);font:400 1.0625rem/1.65 Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
:focus-visible{outline:2px solid var(--focus);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--page);padding:.5rem 1rem;z-index:2}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.banner{margin:0;padding:.7rem 1.5rem;background:var(--ink);color:var(--page);text-align:center;font-size:.95rem}
.layout{max-width:78rem;margin:0 auto;padding:0 2rem;display:grid;grid-template-columns:11rem minmax(0,1fr);gap:4rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:5.2rem 0 2rem;font-size:.875rem;line-height:1.4}
nav p{margin:0 0 .8rem;font-weight:600}
nav ol{list-style:none;margin:0;padding:0}
nav li{margin:0 0 .5rem}
nav a{color:var(--muted);text-decoration:none}
nav a:hover{color:var(--ink);text-decoration:underline}
main{min-width:0;padding-bottom:6rem}
header{padding-top:4.5rem}
.kicker{margin:0 0 .6rem;color:var(--muted);font-size:.9rem}
h1{margin:0;font-size:clamp(2rem,4.6vw,3rem);line-height:1.12;letter-spacing:-.022em;font-weight:650;text-wrap:balance}
.answer{margin:1.5rem 0 0;max-width:46rem;font-size:clamp(1.125rem,2vw,1.3rem);line-height:1.55;text-wrap:pretty}
h2{margin:0 0 1.6rem;font-size:1.75rem;line-height:1.2;letter-spacing:-.016em;font-weight:650}
h3,h4{margin:0 0 .4rem;font-size:1.0625rem;line-height:1.4;font-weight:600}
.subhead{margin:3.5rem 0 .6rem;font-size:1.3rem;letter-spacing:-.01em}
section{margin-top:5rem;padding-top:2rem;border-top:1px solid var(--rule)}
p{margin:0 0 1em}
.lead{max-width:44rem;margin-bottom:2rem}
.prose{max-width:44rem}
.passages{columns:24rem 2;column-gap:3.5rem}
.passages>div{break-inside:avoid;padding-bottom:2rem}
.passages p{margin:0;text-wrap:pretty}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(13.5rem,1fr));gap:1.5rem 2.5rem;margin:2.8rem 0 0}
.key>div{border-top:3px solid var(--tile,var(--ink));padding-top:.8rem}
.key dt{font-size:.9rem;color:var(--muted)}
.key dd{margin:0;font-variant-numeric:tabular-nums;color:var(--muted)}
.key b{font-size:2.1rem;line-height:1.3;font-weight:600;letter-spacing:-.02em;color:var(--tile,var(--ink))}
.key .note{font-size:.875rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:3rem 3.5rem;align-items:start}
.grid+.grid,.table+.grid,.grid+.table,.passages+.wide,.passages+.narrow,.explorer+.mistakes,.seeds+.mistakes{margin-top:3.5rem}
figure{margin:0;min-width:0;break-inside:avoid}
svg.figure{display:block;width:auto;max-width:100%;height:auto;overflow:visible}
.narrow{display:none}
svg .digit,.sprite,.strip.ink{mix-blend-mode:multiply}
.data-set{margin-top:2.4rem}.data-set h3{margin:1.6rem 0 .6rem}
.contact{display:grid;grid-template-columns:minmax(4rem,max-content) minmax(0,1fr);gap:.5rem 1rem;align-items:center;margin:1rem 0}
.contact>div{display:contents}
.contact dt{font-size:.875rem;overflow-wrap:anywhere;max-width:14rem}
.contact dd{margin:0}
.strip{display:block;width:calc(var(--n)*44px);max-width:100%;height:auto;image-rendering:pixelated;print-color-adjust:exact;-webkit-print-color-adjust:exact}
@media screen and (prefers-color-scheme:dark){svg .digit,.sprite,.strip.ink{filter:invert(1);mix-blend-mode:screen}}
figcaption{margin-top:.4rem;font-size:.875rem;color:var(--muted);max-width:34rem}
figcaption p{margin:.4rem 0 0}
summary{cursor:pointer;width:fit-content}
figcaption summary,.verdict summary{font-size:.8125rem;color:var(--muted)}
.table{margin-top:3.5rem}
.table+.table{margin-top:4rem}
.scroll{overflow-x:auto;overscroll-behavior-x:contain;background:linear-gradient(to left,var(--page) 40%,transparent) right/3rem 100% no-repeat local,linear-gradient(to left,color-mix(in srgb,var(--ink) 28%,transparent),transparent) right/1.1rem 100% no-repeat}
table{border-collapse:separate;border-spacing:0;font-size:.875rem;line-height:1.4;font-variant-numeric:tabular-nums}
.scroll table{min-width:100%}
caption,.caption{text-align:left;font-weight:600;font-size:1rem;line-height:1.4;margin:0 0 .7rem;text-wrap:balance}
.scroll th[scope=row]{position:sticky;left:0;background:var(--page)}
.scroll thead th{white-space:normal;min-width:3.4rem;line-height:1.3}
thead th{font-weight:500;color:var(--muted);vertical-align:bottom;border-bottom:1px solid var(--ink)}
th,td{padding:.42rem .9rem .42rem 0;text-align:left;border-bottom:1px solid var(--rule);white-space:nowrap}
tbody th{font-weight:500}
.scroll td.long,.scroll th.long{white-space:normal;min-width:14rem}
th.number,td.number{text-align:right;padding:.42rem .45rem .42rem .9rem}
.number+.text,.number+.code{padding-left:1.1rem}
.code{font:.75rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:normal;word-break:break-all;min-width:17rem}
p .code,.lead .code,.hash .code{min-width:0;font-size:.8em}
p .code{word-break:normal;overflow-wrap:anywhere}
.networks{margin-top:3rem}.networks>summary{font-weight:600}.networks .table{margin-top:1.2rem}
#statistics th,#statistics td{padding-right:.7rem}#statistics th.number,#statistics td.number{padding:.42rem .35rem .42rem .6rem}#statistics thead th{min-width:2.6rem}
.table+figure,figure+.table{margin-top:3rem}
#configuration .pairs+.table{margin-top:2.2rem}
.downloads{margin:.7rem 0 0;font-size:.8125rem;color:var(--muted)}
.downloads a{margin-left:.5rem}
.tally{display:flex;flex-wrap:wrap;gap:.6rem 1.5rem;font-size:.9rem;margin-bottom:2rem}
.state{display:inline-block;padding:.08em .6em .12em;border-radius:1em;font-size:.8125rem;font-weight:600;white-space:nowrap;border:1.5px solid var(--muted);color:var(--ink)}
.state.supported{background:var(--good);border-color:var(--good);color:var(--on-state)}
.state.contradicted{background:var(--bad);border-color:var(--bad);color:var(--on-state)}
.state.equivalent{background:var(--same);border-color:var(--same);color:var(--on-state)}
.state.not-measured,.state.no-fair-measure,.state.not-applicable{border-style:dashed;color:var(--muted);font-weight:500}
.claims{width:100%;table-layout:fixed;font-size:.9375rem;line-height:1.55}
.claims th,.claims td{white-space:normal;vertical-align:top;padding:1.3rem 1.6rem 1.3rem 0}
.claims thead th{padding:0 1.6rem .5rem 0}
.claims th:nth-child(1){width:38%}
.claims tbody th{font-weight:600}
.claims .id{display:block;color:var(--muted);font-weight:500;font-size:.8125rem}
.claims .plots{margin:.9rem 0 0;font-size:.8125rem}
.claims .paper{display:block;margin-top:.5rem;color:var(--muted);font-weight:400;text-wrap:pretty}
.phone{display:none}
.verdict+.verdict{margin-top:1.5rem;padding-top:1.3rem;border-top:1px dotted var(--muted)}
.verdict p{margin:0 0 .55rem;text-wrap:pretty}
.verdict b{font-weight:600}.verdict details p{margin:.4rem 0;font-size:.8125rem;color:var(--muted)}
.numbers{margin:0 0 .5rem;font-size:.8125rem;display:flex;flex-wrap:wrap;gap:.15rem 1.3rem;font-variant-numeric:tabular-nums}
.numbers div{display:flex;gap:.45em}
.numbers dt{color:var(--muted)}.numbers dd{margin:0;font-weight:500}
.explorer{margin-top:2rem;padding:1.2rem 1.4rem;background:var(--soft);border-radius:.5rem;scroll-margin:1rem}
.bar{display:flex;flex-wrap:wrap;gap:.6rem 2rem;justify-content:space-between;align-items:baseline}
.bar p{margin:0;font-weight:600}
.bar label{font-size:.9rem;color:var(--muted)}
select{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--muted);border-radius:.3rem;padding:.15rem .4rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(4.6rem,1fr));gap:1rem .4rem;max-height:32rem;overflow-y:auto}
.tiles:not(:empty){margin-top:1.2rem}
.tile{text-align:center;line-height:1.25}
.tile small{display:block;font-size:.72rem;color:var(--muted);font-variant-numeric:tabular-nums}
.sprite{--s:56px;display:block;margin:0 auto .25rem;width:var(--s);height:var(--s);background-repeat:no-repeat;background-size:calc(40*var(--s)) calc(var(--rows)*var(--s));background-position:calc(-1*var(--column)*var(--s)) calc(-1*var(--row)*var(--s));print-color-adjust:exact;-webkit-print-color-adjust:exact}
.cell{cursor:pointer}
.cell:hover{stroke:var(--ink);stroke-width:2}
.cell:focus-visible{outline:none;stroke:var(--focus);stroke-width:3}
.cell[aria-pressed=true]{stroke:var(--ink);stroke-width:3}
.seeds{margin-top:1.5rem}
.matrices{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:2rem 2.5rem;margin-top:1.2rem}
.matrix{width:100%;table-layout:fixed;font-size:.75rem}
.matrix caption{font-size:.8125rem;padding-bottom:.3rem}
.matrix th,.matrix td{padding:.28rem 0;text-align:center;border:1px solid var(--page);font-weight:400;color:var(--ink)}
.matrix thead td{border:0}
.matrix tbody td{background:color-mix(in srgb,var(--heat) var(--o),var(--soft));print-color-adjust:exact;-webkit-print-color-adjust:exact}
.matrix td.dark{color:var(--on-heat)}
.glossary{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.4rem 3.5rem;margin:0}
.glossary dt{font-weight:600}.glossary dd{margin:0}
.references{padding-left:1.6rem;max-width:48rem;margin:0}.references li{margin-bottom:.6rem;padding-left:.3rem}
#configuration details{border-bottom:1px solid var(--rule);padding:.9rem 0}
#configuration summary{font-weight:600}
#configuration details>*:not(summary){margin-top:1rem}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:.5rem 2.5rem;margin:0;font-size:.9375rem}
.pairs div{display:flex;gap:1rem;justify-content:space-between;border-bottom:1px solid var(--rule);padding:.3rem 0}
.pairs dt{color:var(--muted)}.pairs dd{margin:0;text-align:right}
@media screen and (max-width:68rem){.layout{display:block;padding:0 1.5rem;max-width:60rem}
nav{position:static;max-height:none;padding:1.4rem 0 0}nav p{display:none}nav ol{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}nav li{margin:0}
header{padding-top:2.5rem}section{margin-top:3.8rem}}
@media screen and (max-width:44rem){body{font-size:1rem}.layout{padding:0 1.1rem}h2{font-size:1.5rem}
.wide{display:none}.narrow{display:block}
.wider{overflow-x:auto;overscroll-behavior-x:contain}.wider svg.figure{min-width:34rem}
.claims,.claims tbody,.claims tr,.claims th,.claims td{display:block;width:auto!important}
.claims thead{display:none}
.claims tr{border:1px solid var(--rule);border-radius:.5rem;padding:1rem 1.1rem;margin-bottom:1.1rem}
.claims th,.claims td{border:0;padding:0 0 .8rem}
.claims td:last-child{padding-bottom:0}
.phone{display:block;font-size:.8125rem;font-weight:500}
.grid{gap:2.4rem}.passages>div{padding-bottom:1.6rem}}
@media print{@page{size:A4;margin:15mm 14mm}
html{font-size:9.2pt}body{font-size:1rem;line-height:1.5}
nav,.skip,.explorer,.downloads,figcaption,summary{display:none!important}
details::details-content{content-visibility:visible;display:block}
.layout{display:block;max-width:none;padding:0}
header{padding-top:0}h1{font-size:24pt}.answer{font-size:12pt}h2{font-size:16pt;margin-bottom:4mm}
section{margin-top:9mm;padding-top:5mm}
h2,h3,h4{break-after:avoid}
.passages>div,.glossary>div,.verdict,.matrix,figure,.key,.scroll tr{break-inside:avoid}
.caption{break-after:avoid}.tally{break-after:avoid}
.passages{columns:2;column-gap:8mm}.passages>div{padding-bottom:4mm}.glossary{grid-template-columns:1fr 1fr;gap:4mm 8mm}
.grid{grid-template-columns:1fr 1fr;gap:6mm 8mm}
.key{grid-template-columns:repeat(auto-fit,minmax(45mm,1fr));margin-top:6mm}
.key b{font-size:18pt}
.table,.table+.table,.grid+.grid,.table+.grid{margin-top:7mm}
.scroll{overflow:visible;background:none}table{font-size:7.5pt}.claims{font-size:8.5pt}.caption{font-size:9.5pt}.scroll th[scope=row]{position:static;box-shadow:none}.scroll thead th{min-width:0}
th,td{padding:1mm 2mm 1mm 0}th.number,td.number{padding:1mm 1mm 1mm 2mm}
.claims th,.claims td{padding:2.5mm 4mm 2.5mm 0}.verdict+.verdict{margin-top:2mm;padding-top:2mm}
.scroll th{white-space:normal}
.dense{font-size:6.5pt}.dense th,.dense td{padding-left:.2em!important;padding-right:.35em!important;hyphens:auto}.dense td.text{white-space:normal}.densest{font-size:5.5pt}
thead{display:table-header-group}
.code{font-size:6pt;min-width:0}
.matrices{grid-template-columns:repeat(3,1fr);gap:5mm}.matrix{font-size:6pt}.matrix th,.matrix td{padding:.4mm 0}
#configuration details{padding:2mm 0}
.banner,.state{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}}
`;
