/** Rules of the page of what was read. */
export const READING_STYLE = `
section{margin-top:3.4rem}
article{margin-bottom:3rem}article h3{font-size:1.2rem;overflow-wrap:anywhere}
.note{color:var(--muted)}
.marked{position:relative;margin:.8rem 0 1.4rem;break-inside:avoid}
.marked img,.marked svg{position:absolute;inset:0;width:100%;height:100%;display:block}
.marked img{border:1px solid var(--rule)}
.marked rect{fill:none;stroke-width:2px;vector-effect:non-scaling-stroke}
.marked .sure{stroke:var(--arm-relu)}.marked .doubt{stroke:var(--arm-tanh);stroke-dasharray:5 3}
.number{margin-top:1.6rem}.number h4{font-size:1.6rem;font-weight:650;letter-spacing:.02em;font-variant-numeric:tabular-nums}
.number h4 span{font-size:.9rem;font-weight:400;letter-spacing:0;color:var(--muted)}
.reads{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,9.6rem),1fr));gap:.8rem;margin:.8rem 0 2.4rem}
.number .reads{margin-bottom:0}
.read{padding:.7rem .8rem;background:var(--soft);border:1px solid var(--rule);border-radius:.5rem;scroll-margin:1rem}
.read.doubt{border-color:var(--arm-tanh)}
.read h3{font-size:.875rem;font-weight:500;color:var(--muted);overflow-wrap:anywhere}
.read p{margin:.35rem 0 0;font-size:.8125rem;line-height:1.45;overflow-wrap:anywhere}
.read .is{font-size:.9rem;color:var(--muted);font-variant-numeric:tabular-nums}
.read .is b{font-size:1.5rem;line-height:1.3;color:var(--ink);font-weight:650}
.read .then{color:var(--muted)}
.pair{display:flex;gap:.5rem}
.pair img{width:60px;height:60px;object-fit:contain}
.pair .seen{border:1px solid var(--rule);image-rendering:pixelated}
.bars{display:flex;gap:2px;align-items:flex-end;height:4.2rem;margin-top:.5rem;font-size:.6875rem;line-height:1.3;color:var(--muted);white-space:nowrap;font-variant-numeric:tabular-nums}
.bars span{flex:1 1 0;min-width:0;height:100%;display:flex;flex-direction:column;justify-content:flex-end;text-align:center}
.bars span:nth-child(11){flex:none}
.bars i{display:block;height:max(1px,calc(var(--p)*3.2rem));background:var(--muted);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bars .first i,.ranks .first i{background:var(--heat)}
.ranks{list-style:none;margin:.6rem 0 0;padding:0;font-size:.8125rem;line-height:1.4}
.ranks li{margin-bottom:.3rem;font-variant-numeric:tabular-nums}.ranks span{overflow-wrap:anywhere}
.ranks i{display:block;height:4px;width:max(1px,calc(var(--p)*100%));background:var(--muted);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.doubts{padding-left:1.2rem;margin:0;max-width:46rem}.doubts li{margin-bottom:.4rem;overflow-wrap:anywhere}
@media screen{.ink{mix-blend-mode:multiply}}
@media screen and (prefers-color-scheme:dark){.ink{filter:invert(1);mix-blend-mode:screen}}
@media print{.reads{grid-template-columns:repeat(4,1fr);gap:4mm}.read{break-inside:avoid;padding:2mm 3mm}.number h4{font-size:13pt}}
`;
